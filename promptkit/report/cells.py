"""Text as a terminal shows it: how wide it is, and nothing in it that could steer the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

TAB: Final = "    "
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories that a terminal obeys or drops: escape sequences, right-to-left overrides."""
_ZERO_WIDTH: Final = frozenset({"Mn", "Me"})
_JOINERS: Final = "\u200d\ufe0e\ufe0f"


class Excerpt(NamedTuple):
    """A piece of a line, and where the marked part begins and how far it goes, in cells."""

    text: str
    indent: int
    length: int


def visible(text: str) -> str:
    """``text`` on one line, with whatever could steer a terminal replaced by a mark."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_cell(char)[0] for char in text)


def cell_width(text: str) -> int:
    """Columns that ``text`` takes on a terminal."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(_cell(char)[1] for char in text)


def excerpt(line: str, start: int, end: int, width: int) -> Excerpt:
    """The part of ``line`` around ``line[start:end]`` that fits into ``width`` cells.

    A caption on one line is thousands of characters long; what stands before the marked part gets a
    third of the room.
    """
    # Characters without a width could go on for ever: look at no more than can be of use.
    first, last = max(0, start - 2 * width), start + 2 * width
    before = [_cell(char) for char in line[first:start]]
    behind = [_cell(char) for char in line[start:last]]
    left, count = 0, len(behind)
    cut_left, cut_right = first > 0, last < len(line)
    if cut_left or cut_right or _cells(before) + _cells(behind) > width:
        left = len(before) - _fitting(reversed(before), width // 3)
        cut_left = cut_left or left > 0
        room = width - _cells(before[left:]) - cut_left
        count = _fitting(behind, room)
        if cut_right or count < len(behind):
            count, cut_right = _fitting(behind, room - 1), True
    shown = "".join(glyph for glyph, _ in (*before[left:], *behind[:count]))
    return Excerpt(
        text="…" * cut_left + shown + "…" * cut_right,
        indent=cut_left + _cells(before[left:]),
        length=max(1, _cells(behind[: max(0, min(count, end - start))])),
    )


def _cells(cells: Iterable[tuple[str, int]]) -> int:
    return sum(width for _, width in cells)


def _fitting(cells: Iterable[tuple[str, int]], room: int) -> int:
    """How many of ``cells`` fit into ``room`` columns."""
    count = 0
    for _, width in cells:
        room -= width
        if room < 0:
            break
        count += 1
    return count


def _cell(char: str) -> tuple[str, int]:
    """What is shown for a character, and how many columns that takes."""
    if " " <= char <= "~":
        return char, 1
    if char == "\t":
        return TAB, len(TAB)
    if char in _JOINERS:
        return char, 0
    from unicodedata import category, east_asian_width  # noqa: PLC0415 - ASCII does without

    kind = category(char)
    if kind in _HIDDEN:
        return (chr(0x2400 + ord(char)), 1) if char < " " else ("\ufffd", 1)
    if kind in _ZERO_WIDTH:
        return char, 0
    return char, 2 if east_asian_width(char) in "WF" else 1
