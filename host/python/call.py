"""Calls the program: finds it, reads its output, reports its progress and failures, and passes Ctrl-C on."""
from __future__ import annotations

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import threading
import warnings
from typing import IO, Callable, Sequence, Union

from zem.errors import ZemError, ZemWarning, error_of

Progress = Union[bool, Callable[[str], None], None]

_PROGRESS_LINE = re.compile(r"^zem: .*: +([0-9]+ %, .* left)$")


def program() -> str:
    """Returns the path of the program: $ZEM, else `zem` on the path, else build/zem in the source tree of this file."""
    tree = pathlib.Path(__file__).resolve().parents[2] / "build" / "zem"
    found = os.environ.get("ZEM") or shutil.which("zem") or (str(tree) if tree.exists() else None)
    if found is None:
        raise ZemError("the program zem is not on the path; install it, or set the environment variable ZEM to its "
                       "path", 66)
    return found


def _is_notebook() -> bool:
    return "ipykernel" in sys.modules


def _show(line: str) -> None:
    sys.stderr.write("\r" + line.ljust(70))
    sys.stderr.flush()


class _Errors(threading.Thread):
    """Reads standard error in a thread of its own. Lines of progress go to the function `progress`; warnings and other
    messages are kept. An exception of the function stops the program and is kept in `raised`."""

    def __init__(self, process: subprocess.Popen[str], progress: Callable[[str], None] | None) -> None:
        super().__init__(daemon=True)
        self._process, self._progress = process, progress
        self.raised: BaseException | None = None
        self.reported = False
        self.messages: list[str] = []
        self.warnings: list[str] = []

    def _report(self, line: str) -> None:
        if self._progress is None:
            return
        self.reported = True
        try:
            self._progress(line)
        except BaseException as error:  # pylint: disable=broad-except
            self.raised, self._progress = error, None
            self._process.send_signal(signal.SIGINT)

    def run(self) -> None:
        assert self._process.stderr
        for line in self._process.stderr:
            line = line.rstrip("\n")
            shown = _PROGRESS_LINE.match(line)
            if shown:
                self._report(shown.group(1))
            elif line.startswith("warning: "):
                self.warnings.append(line[len("warning: "):])
            else:
                self.messages.append(line.removeprefix("zem: "))


def _wait(process: subprocess.Popen[str], ended: threading.Event) -> None:
    """Waits for the program to end. The first Ctrl-C is passed on to it, so that it can write a checkpoint, and
    KeyboardInterrupt is raised when the program has ended. A second Ctrl-C ends the program at once, as on a terminal.
    The function waits for the event `ended` first, because Popen.wait handles Ctrl-C only after a quarter of a
    second."""
    try:
        ended.wait()
        process.wait()
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)
        try:
            process.wait()
        except KeyboardInterrupt:
            process.send_signal(signal.SIGINT)
            process.wait()
        raise


def _read(stream: IO[str], output: list[str], ended: threading.Event) -> None:
    output.append(stream.read())
    ended.set()


def call(arguments: Sequence[str], progress: Progress = False) -> tuple[int, str, str]:
    """Runs `zem ARGUMENTS` and returns its exit code, its standard output and its messages on standard error.

    The program gets a session of its own, so that Ctrl-C on the terminal reaches it only through _wait. It has ended
    when this function returns or raises an exception.

    Args:
        progress: True shows progress in a line on standard error, False shows none, and None shows it in notebooks and
            on terminals. A function is called with each line; its exception stops the program and is raised here.
    """
    if progress is None:
        progress = _is_notebook() or sys.stderr.isatty()
    show = progress if callable(progress) else _show if progress else None
    output: list[str] = []
    ended = threading.Event()
    with subprocess.Popen([program(), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, errors="replace", start_new_session=True) as process:
        try:
            errors = _Errors(process, show)
            reader = threading.Thread(target=_read, args=(process.stdout, output, ended), daemon=True)
            errors.start()
            reader.start()
            _wait(process, ended)
            errors.join()
            reader.join()
        finally:
            process.kill()  # without effect if the program has ended
    if show is _show and errors.reported:
        _show("")
        sys.stderr.write("\r")
    if errors.raised:
        raise errors.raised
    for text in errors.warnings:
        warnings.warn(text, ZemWarning, stacklevel=4)
    return process.returncode, "".join(output), "\n".join(errors.messages)


def call_or_raise(arguments: Sequence[str], progress: Progress = False) -> str:
    """Runs `zem ARGUMENTS` and returns its standard output. A failure raises a ZemError."""
    exit_code, output, messages = call(arguments, progress)
    if exit_code != 0:
        raise error_of(exit_code, messages)
    return output


def version() -> str:
    """Returns the versions of the program and of its libraries, as `zem --version` prints them."""
    return call_or_raise(["--version"]).strip()
