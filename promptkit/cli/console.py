"""The terminal: data to stdout, talk to stderr, and what the two can show."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Final, TextIO

from promptkit.errors import UsageError

DEFAULT_WIDTH: Final = 100
_NARROWEST: Final = 40
_USUAL: Final = 80
"""For a terminal that does not know its size: serial lines, some containers."""


def out(text: str) -> None:
    """Write data."""
    sys.stdout.write(text)


def out_bytes(data: bytes) -> None:
    """Write data that is no text, or none for certain."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)


def talk(message: str) -> None:
    """Say something to the person at the terminal."""
    from promptkit.report.cells import visible  # noqa: PLC0415 - help has nothing to say

    with suppress(OSError):  # what is wrong with stdout comes up at the end of the command
        sys.stdout.flush()
    lines = (visible(line) for line in message.split("\n"))
    sys.stderr.write("\n".join(lines) + "\n")


def stdin_bytes() -> bytes:
    """All of standard input.

    Raises:
        UsageError: if there is none.
    """
    if sys.stdin is None:
        raise UsageError("there is no standard input to read '-' from")
    if sys.stdin.isatty():
        talk("reading from the terminal; end with Ctrl+D")
    return sys.stdin.buffer.read()


def has_color(stream: TextIO) -> bool:
    """Whether to colour: on a terminal, unless ``NO_COLOR`` or ``FORCE_COLOR`` say otherwise."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def width(stream: TextIO) -> int:
    """Columns of the terminal behind ``stream``, or a fixed number where there is none."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return max(int(columns), _NARROWEST)
    try:
        known = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        return DEFAULT_WIDTH
    return max(known or _USUAL, _NARROWEST)


def describe(error: OSError) -> str:
    """An error of the system that no command foresaw."""
    from promptkit.files import reason  # noqa: PLC0415 - seldom needed

    where = f"{os.fsdecode(error.filename)}: " if error.filename else "writing the output: "
    return f"{where}{reason(error)}"
