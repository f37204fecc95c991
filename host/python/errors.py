"""Exceptions for the failures of the program, with the text that it prints. README.md lists the exit codes."""
from __future__ import annotations

from typing import Any


class ZemWarning(UserWarning):
    """A warning of the program, which goes on after it."""


class ZemError(Exception):
    """A failure of the program.

    Attributes:
        exit_code: exit code of the program; -N if signal N killed it.
        messages: the mistakes of a scenario, each a dict with "severity", "line", "column", "key" and "message"; empty
            for other failures.
    """

    def __init__(self, text: str, exit_code: int, messages: list[dict[str, Any]] | None = None) -> None:
        super().__init__(text)
        self.exit_code = exit_code
        self.messages = messages or []

    def renamed(self, old: str, new: str) -> ZemError:
        """Returns this failure with the file name `old` replaced by `new`, because the name of a temporary file means
        nothing to the user."""
        messages = [{key: text.replace(old, new) if isinstance(text, str) else text for key, text in message.items()}
                    for message in self.messages]
        return type(self)(str(self).replace(old, new), self.exit_code, messages)

    def __reduce__(self) -> tuple[Any, ...]:  # pickle needs this, by which pools of processes pass exceptions on
        return type(self), (str(self), self.exit_code, self.messages)


class UsageError(ZemError):
    """Exit code 64: options contradict each other, or an option has an impossible value."""


class BadInputError(ZemError):
    """Exit code 65: the scenario or the input file is wrong."""


class InputMissingError(ZemError, FileNotFoundError):
    """Exit code 66: the scenario or the input file does not exist or cannot be opened."""


class DeviceError(ZemError):
    """Exit codes 69 and 7: no device can be used, or the device that was asked for failed its self-test."""


class OutputError(ZemError, OSError):
    """Exit codes 73 and 74: the output cannot be created, or reading or writing failed."""


class StoppedError(ZemError):
    """Exit codes 75 and 130: a signal stopped the program. After 75 there is a checkpoint, from which `resume=True`
    continues."""


BY_EXIT_CODE: dict[int, type[ZemError]] = {64: UsageError, 65: BadInputError, 66: InputMissingError, 69: DeviceError,
                                           7: DeviceError, 73: OutputError, 74: OutputError, 75: StoppedError,
                                           130: StoppedError}


def error_of(exit_code: int, text: str, messages: list[dict[str, Any]] | None = None) -> ZemError:
    """Returns the exception for an exit code. `text` is what the program printed on standard error."""
    if not text:
        text = f"signal {-exit_code} killed zem" if exit_code < 0 else f"zem ended with exit code {exit_code}"
    return BY_EXIT_CODE.get(exit_code, ZemError)(text, exit_code, messages)
