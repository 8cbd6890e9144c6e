"""The errors people see, and the exit code each one ends with."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process tells the shell. Scripts rely on these numbers."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    GENERATOR = 3
    INTERRUPTED = 130


class PromptkitError(Exception):
    """Something the user can mend. The message names the place, the problem and the mend."""

    exit_code: ExitCode = ExitCode.USAGE


class UsageError(PromptkitError):
    """A command, an option or a value that does not exist or does not fit."""


class ConfigError(PromptkitError):
    """The configuration file says something that cannot be followed."""


class UnreadableInputError(PromptkitError):
    """A file that cannot be read or written at all."""


class CaptionError(PromptkitError):
    """Text that is not the caption it should be; carries one line for each problem."""

    exit_code = ExitCode.FINDINGS

    def __init__(self, problems: list[str], *, where: str = "caption", mend: str = "") -> None:
        self.problems = tuple(problems)
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        lines = "".join(f"\n  {problem}" for problem in problems)
        last = f"\n{mend}" if mend else ""
        super().__init__(f"{where}: {count}{lines}{last}")


class GeneratorError(PromptkitError):
    """The generator could not be reached, or failed on a job."""

    exit_code = ExitCode.GENERATOR
