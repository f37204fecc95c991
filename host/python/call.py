"""One call of the program: finding it, reading its streams, its progress, its failures, and Ctrl-C."""
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
    """Path of the program: $ZEM, else `zem` on the path, else build/zem of the source tree that this file lies in."""
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
    """Reads standard error: lines of progress go to their function, warnings and messages are kept. What the function
    raises stops the program and is kept in `raised`."""

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
    """Waits for the program. Ctrl-C is passed on once, so that the program can write a checkpoint, and raised again
    when the program has ended; a second Ctrl-C ends it at once, as on a terminal. The event is waited for because
    Popen.wait would keep the first Ctrl-C to itself for a quarter of a second."""
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
    """Runs `zem ARGUMENTS` and returns exit code, standard output and messages.

    The program has a session of its own, so that a Ctrl-C of the terminal reaches it only by way of _wait. It has
    ended when this function returns or raises.

    Args:
        progress: True shows a line on standard error, False none; None shows it in notebooks and on terminals; a
            function is called with each line, and what it raises stops the program and is raised here.
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
            process.kill()  # nothing happens to one that has ended
    if show is _show and errors.reported:
        _show("")
        sys.stderr.write("\r")
    if errors.raised:
        raise errors.raised
    for text in errors.warnings:
        warnings.warn(text, ZemWarning, stacklevel=4)
    return process.returncode, "".join(output), "\n".join(errors.messages)


def call_or_raise(arguments: Sequence[str], progress: Progress = False) -> str:
    """The same, but a failure is an exception. Returns standard output."""
    exit_code, output, messages = call(arguments, progress)
    if exit_code != 0:
        raise error_of(exit_code, messages)
    return output


def version() -> str:
    """What `zem --version` prints: the versions of the program and of the libraries it uses."""
    return call_or_raise(["--version"]).strip()
