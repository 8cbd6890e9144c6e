"""Lettering: break a text into lines that fill a box, and find the box that lines need.

Measured in columns: a letter takes one, an East Asian character or an emoji two.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from promptkit.geometry import GRID, BBox, Size
from promptkit.lint.measure import columns
from promptkit.placement import Anchor, anchor

MAX_LINES: Final = 12
"""Lines that a text is spread over at most."""
LONGEST_LINE: Final = 30
"""Columns of a line, and of a word: in longer ones the model drops letters."""
OVERLONG_LINE: Final = 60
"""Columns of a line where more lines would make the letters much smaller."""
GLYPH: Final = 0.55
"""A letter's width over the distance of two lines."""

_SPACE: Final = re.compile(r"\s+")
_JOINER: Final = "\u200d"
_FLAGS: Final = frozenset(map(chr, range(0x1F1E6, 0x1F200)))
"""Letters that make a flag, two by two."""
_OWN_BREAK: Final = re.compile(r"\s*[\r\n\u2028\u2029]\s*")


class _Word(NamedTuple):
    """An unbreakable part of a text."""

    text: str
    width: int
    spaced: bool
    """Whether a space stands before it."""


class _Row(NamedTuple):
    """A line."""

    text: str
    width: int


class _Lines(NamedTuple):
    """A text broken into lines."""

    rows: Sequence[_Row]
    widest: int
    """Columns of the longest line, one at least."""


def break_lines(text: str, width: float, lines: int | None = None) -> str:
    """Break text with newlines so that no line is wider than ``width`` columns.

    Wide (CJK) characters may be broken between any two of them. With ``lines`` the text is spread
    over at most so many lines, as evenly as its words allow, and ``width`` is widened where it
    must be.
    """
    words = _words(str(text))
    narrowest = max(float(width), 1)
    rows = _fill(words, narrowest) if lines is None else _spread(words, int(lines), narrowest)
    return "\n".join(row.text for row in rows)


def fit_lines(
    text: str,
    bbox: Sequence[int],
    aspect: float = 1.0,
    *,
    largest: float = math.inf,
    glyph: float = GLYPH,
) -> str:
    """Break text into the number of lines at which its letters become largest in a box.

    The writer's own line breaks stay, unless they make the letters less than half as large as they
    could be. ``aspect`` is the picture's width over height, ``glyph`` a letter's width over the
    distance of two lines, ``largest`` a distance in grid steps from which larger is no gain.
    """
    return _fitted(text, BBox(*bbox), aspect, largest, glyph)


def text_box(
    text: str,
    within: BBox,
    *,
    where: Anchor = "center",
    size: Size,
    largest: float = GRID,
    glyph: float = GLYPH,
) -> BBox:
    """The box that the lines of ``text`` take at their largest in ``within``.

    ``largest`` caps the height of a line, in thousandths of the picture's shorter side, so that
    lines in unequal boxes are set in one size. The box is at least a third of ``within`` wide and
    high: a single letter is given room too.
    """
    rows = text.split("\n")
    widest = max(1, *map(columns, rows)) * glyph / len(rows)
    narrowing = size.height / size.width
    capped = largest * min(size) / size.height * len(rows)
    height = min(within.height, within.width / widest / narrowing, capped)
    width = height * widest * narrowing
    return anchor(
        where,
        min(max(width, within.width / 3), within.width),
        min(max(height, min(within.height, capped) / 3), within.height),
        within=within,
    )


@lru_cache(maxsize=512)
def _fitted(text: str, place: BBox, aspect: float, largest: float, glyph: float) -> str:
    def height(lines: _Lines) -> float:
        """The distance of the lines."""
        across = place.width * aspect / (lines.widest * glyph)
        return min(place.height / len(lines.rows), across, largest)

    def largest_within(limit: int) -> _Lines:
        fitting = [lines for lines in spreads if lines.widest <= limit]
        return max(fitting or spreads[-1:], key=height)

    # The first of equals is taken: fewer lines, if more of them do not make the letters larger.
    spreads = _spreads(_words(text))
    best, wider = largest_within(LONGEST_LINE), largest_within(OVERLONG_LINE)
    if height(best) < height(wider) * 0.6:
        best = wider
    own = _lines(
        [_Row(each, columns(each)) for each in map(_one_space, _OWN_BREAK.split(text.strip()))]
    )
    if len(own.rows) > 1 and own.widest <= LONGEST_LINE and height(own) >= height(best) / 2:
        best = own
    return "\n".join(row.text for row in best.rows)


def _spreads(words: Sequence[_Word]) -> list[_Lines]:
    """The text in one line, in two and so on."""
    found: list[_Lines] = []
    for count in range(1, MAX_LINES + 1):
        rows = _spread(words, count)
        found.append(_lines(rows or [_Row("", 0)]))
        if len(rows) < count:
            break
    return found


def _spread(words: Sequence[_Word], lines: int, narrowest: float = 1) -> list[_Row]:
    """The words over at most so many lines, none longer than it must be."""
    lines = max(lines, 1)
    total = sum(word.width + word.spaced for word in words)
    limit = max(total / lines, narrowest)
    while len(rows := _fill(words, limit)) > lines:
        limit += 1
    return rows


def _fill(words: Sequence[_Word], limit: float) -> list[_Row]:
    rows: list[_Row] = []
    for word in words:
        if rows and rows[-1].width + word.spaced + word.width <= limit:
            last = rows[-1]
            text = f"{last.text} {word.text}" if word.spaced else last.text + word.text
            rows[-1] = _Row(text, last.width + word.spaced + word.width)
        else:
            rows.append(_Row(word.text, word.width))
    return rows


def _lines(rows: Sequence[_Row]) -> _Lines:
    return _Lines(rows, max(1, *[row.width for row in rows]))


def _one_space(text: str) -> str:
    return _SPACE.sub(" ", text)


@lru_cache(maxsize=512)
def _words(text: str) -> tuple[_Word, ...]:
    parts: list[tuple[str, bool]] = []
    for word in text.split():
        if word.isascii() and len(word) <= LONGEST_LINE:
            parts.append((word, True))
            continue
        first = len(parts)
        for char in word:
            last = parts[-1][0] if len(parts) > first else ""
            if last and (_joins(last, char) or _runs_on(last, char)):
                parts[-1] = (last + char, parts[-1][1])
            else:
                parts.append((char, not last))
    return tuple(_Word(part, columns(part), spaced) for part, spaced in parts)


def _joins(last: str, char: str) -> bool:
    """Whether ``char`` is a part of the character before it, or closes what stands before."""
    if last[-1] == _JOINER or unicodedata.category(char) in ("Mn", "Me", "Cf", "Sk"):
        return True
    if char in _FLAGS and last[-1] in _FLAGS:
        return len(last) % 2 == 1
    return _is_wide(char) and unicodedata.category(char) in ("Pe", "Po", "Pf")


def _runs_on(last: str, char: str) -> bool:
    """Whether two letters belong to one word."""
    return not _is_wide(char) and not _is_wide(last[0]) and columns(last) < LONGEST_LINE


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF" or char in _FLAGS
