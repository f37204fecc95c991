#!/usr/bin/env python3
"""Runs the commands in README.md and models/guide/ and compares their output with what the pages show.

A page is read from top to bottom in a folder of its own. A block ```yaml NAME or ```python NAME is saved under that
name. In a block ```console every "$ COMMAND" is run by sh and must exit 0; lines that begin with "> " continue it. The
lines below a command are its output, standard error included, without the lines of progress that a slow run prints. In
them "..." within a line stands for any text, and alone on a line for any number of lines. A block ```console NAME is
run by tests/NAME_test.sh. A guide page has no other kind of block. A command that needs xarray is skipped without it.

ZEM_UPDATE_GUIDE=1 writes what the commands print, and the figures they draw, into the pages. Review the change before
committing it."""
import importlib.util
import os
import pathlib
import re
import shutil
import subprocess
import sys

from python.expect import skip, verdict

TOP = pathlib.Path.cwd()
SCRATCH = pathlib.Path(os.environ["SCRATCH"])
UPDATE = os.environ.get("ZEM_UPDATE_GUIDE") == "1"
PROGRESS = re.compile(r"^zem: .*: +[0-9]+ %, .* left\n", re.MULTILINE)
BLOCK = re.compile(r"^```([a-z]*) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def is_as_shown(shown, printed):
    """Whether the printed lines match the shown ones, in which "..." stands for any text or any number of lines."""
    pattern = "".join(
        r"(?:[^\n]*\n)*?" if line.strip() == "..." else re.escape(line.rstrip()).replace(r"\.\.\.", "[^\n]*") + r" *\n"
        for line in shown
    )
    return re.fullmatch(pattern, printed) is not None


def commands_of(block):
    """Returns the commands of a console block as a list of [command, lines of output shown]."""
    commands = []
    for line in block.splitlines():
        if line.startswith("$ "):
            commands.append([line[2:], []])
        elif line.startswith("> ") and commands and not commands[-1][1]:
            commands[-1][0] += "\n" + line[2:]
        elif commands:
            commands[-1][1].append(line)
    return commands


def run_block(page, block, folder):
    """Runs the commands of a console block. Returns the block, with the printed output where it differs from what is
    shown."""
    lines = []
    for command, shown in commands_of(block):
        name = f"{page}/{' '.join(command.split())[:70]}"
        lines += ["$ " + command.replace("\n", "\n> ")]
        if command.startswith("python3 "):
            if importlib.util.find_spec("xarray") is None:
                skip(name, "xarray is not installed")
                lines += shown
                continue
            command = sys.executable + command[len("python3"):]
        done = subprocess.run(["sh", "-c", command], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)
        printed = PROGRESS.sub("", done.stdout)
        good = is_as_shown(shown, printed)
        if done.returncode != 0:
            verdict(name, f"exit code {done.returncode}: {done.stdout.strip().splitlines()[:1]}")
        else:
            verdict(name, "" if good or UPDATE else "prints other lines than shown: " + repr(printed[:300]))
        lines += shown if good else printed.splitlines()
    return "\n".join(lines) + "\n"


def run_page(path, every_block):
    """Runs the blocks of a page. With every_block, a block that is neither run nor saved is a failure."""
    page = path.relative_to(TOP)
    folder = SCRATCH / str(page).replace("/", "-")
    folder.mkdir()

    def handle(match):
        language, name, text = match.groups()
        if language in ("yaml", "python") and name:
            (folder / name).write_text(text)
        elif language == "console" and name:
            test = TOP / "tests" / f"{name}_test.sh"
            known = test.exists() and f"```console {name}" in test.read_text() and path.name in test.read_text()
            verdict(f"{page}/{name}", "" if known else f"{test.name} does not run the block of that name")
        elif language == "console":
            text = run_block(page, text, folder)
        elif every_block:
            verdict(f"{page}/block", f"no test runs the block that begins with {text.splitlines()[0]!r}")
        return f"```{language}{' ' if name else ''}{name}\n{text}```"

    text = path.read_text()
    updated = BLOCK.sub(handle, text)
    if UPDATE and updated != text:
        path.write_text(updated)
    for figure in re.findall(r"!\[[^\]]*\]\(([^):]+)\)", text) if every_block else []:
        drawn, stored = folder / figure, path.parent / figure
        if UPDATE and drawn.exists():
            shutil.copy(drawn, stored)
        verdict(f"{page}/{figure}", "" if drawn.exists() and stored.exists() else "no command draws it")


def planted():
    """Shows that the comparison of outputs and the reading of blocks can fail."""
    verdict("other_output_is_seen", "not seen" if is_as_shown(["a", "c"], "a\nb\n") else "")
    verdict("output_that_ends_early_is_seen", "not seen" if is_as_shown(["a", "b"], "a\n") else "")
    verdict("surplus_output_is_seen", "not seen" if is_as_shown(["a"], "a\nb\n") else "")
    verdict("dots_stand_for_lines", "" if is_as_shown(["a", "...", "d"], "a\nb\nc\nd\n") else "they do not")
    verdict("dots_stand_for_text", "" if is_as_shown(["in ... s"], "in 3.2 s\n") else "they do not")
    verdict("commands_are_read", "" if commands_of("$ a\n> b\nc\n$ d\n") == [["a\nb", ["c"]], ["d", []]] else "wrongly")


def links():
    """Links of the guide lead to files, and the index names every page."""
    index = (TOP / "models/guide/README.md").read_text()
    for path in sorted((TOP / "models/guide").glob("*.md")):
        gone = [link for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text())
                if not (path.parent / link).exists()]
        verdict(f"links_of/{path.name}", f"lead to nothing: {gone}" if gone else "")
        if path.name != "README.md":
            verdict(f"index_names/{path.name}", "" if f"({path.name})" in index else "it does not")


def first_scenario():
    """The scenario that README.md explains equals the example `first` without its first line, which is for editors."""
    shown = [text for language, name, text in BLOCK.findall((TOP / "README.md").read_text()) if name == "first.yaml"]
    example = (TOP / "models/first.yaml").read_text().split("\n", 1)[1]
    verdict("first_scenario_is_that_of_the_readme", "" if shown == [example] else "models/first.yaml is another")


os.environ["PATH"] = f"{pathlib.Path(os.environ['ZEM']).parent}:{os.environ['PATH']}"
planted()
links()
first_scenario()
run_page(TOP / "README.md", False)
for guide_page in sorted((TOP / "models/guide").glob("*.md")):
    run_page(guide_page, True)
