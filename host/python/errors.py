"""The failures of the program as exceptions. The text is that of the program; README.md lists the exit codes."""
from __future__ import annotations

from typing import Any


class ZemWarning(UserWarning):
    """A warning that the program prints and goes on after."""


class ZemError(Exception):
    """A failure of the program.

    Attributes:
        exit_code: exit code of the program; -N if signal N killed it.
        messages: for a scenario with mistakes each of them, as dicts with "severity", "line", "column", "key" and
            "message"; else empty.
    """

    def __init__(self, text: str, exit_code: int, messages: list[dict[str, Any]] | None = None) -> None:
        super().__init__(text)
        self.exit_code = exit_code
        self.messages = messages or []

    def renamed(self, old: str, new: str) -> ZemError:
        """The same failure with another name for a file, as that of a temporary one means nothing to a reader."""
        messages = [{key: text.replace(old, new) if isinstance(text, str) else text for key, text in message.items()}
                    for message in self.messages]
        return type(self)(str(self).replace(old, new), self.exit_code, messages)

    def __reduce__(self) -> tuple[Any, ...]:  # pools of processes hand exceptions over by pickle
        return type(self), (str(self), self.exit_code, self.messages)


class UsageError(ZemError):
    """Exit code 64: the options contradict each other, or one has a value that is impossible."""


class BadInputError(ZemError):
    """Exit code 65: the scenario or the input file is wrong."""


class InputMissingError(ZemError, FileNotFoundError):
    """Exit code 66: there is no such input."""


class DeviceError(ZemError):
    """Exit codes 69 and 7: no usable device, or one that failed its self-test."""


class OutputError(ZemError, OSError):
    """Exit codes 73 and 74: the output cannot be created, or reading or writing failed."""


class StoppedError(ZemError):
    """Exit codes 75 and 130: a signal stopped the program; after 75, resume=True goes on from its checkpoint."""


BY_EXIT_CODE: dict[int, type[ZemError]] = {64: UsageError, 65: BadInputError, 66: InputMissingError, 69: DeviceError,
                                           7: DeviceError, 73: OutputError, 74: OutputError, 75: StoppedError,
                                           130: StoppedError}


def error_of(exit_code: int, text: str, messages: list[dict[str, Any]] | None = None) -> ZemError:
    """The exception for an exit code and the text on standard error."""
    if not text:
        text = f"signal {-exit_code} killed zem" if exit_code < 0 else f"zem ended with exit code {exit_code}"
    return BY_EXIT_CODE.get(exit_code, ZemError)(text, exit_code, messages)
