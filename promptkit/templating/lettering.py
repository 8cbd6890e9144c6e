"""Lettering: break a text into lines that fill a box, and find the box that lines need.

Measured in columns: a letter takes one, an East Asian character or an emoji two.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

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


def break_lines(text: str, width: float, lines: int | None = None) -> str:
    """Break text with newlines so that no line is wider than ``width`` columns.

    Wide (CJK) characters may be broken between any two of them. With ``lines`` the text is spread
    over at most so many lines, as evenly as its words allow, and ``width`` is widened where it
    must be.
    """
    words = _words(text)
    limit = max(float(width), 1)
    if lines is not None:
        total = sum(columns(word) + spaced for word, spaced in words)
        limit = max(limit, total / max(int(lines), 1))
    rows = _fill(words, limit)
    while lines is not None and len(rows) > max(int(lines), 1):
        limit += 1
        rows = _fill(words, limit)
    return "\n".join(rows)


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
    def height(rows: Sequence[str]) -> float:
        """The distance of the lines."""
        widest = max(1, *map(columns, rows)) * glyph
        return min(place.height / len(rows), place.width * aspect / widest, largest)

    def largest_within(limit: int) -> list[str]:
        fitting = [rows for rows in broken if max(map(columns, rows)) <= limit]
        return max(fitting or broken[-1:], key=height)

    # The first of equals is taken: fewer lines, if more of them do not make the letters larger.
    broken = _broken(text)
    best, wider = largest_within(LONGEST_LINE), largest_within(OVERLONG_LINE)
    if height(best) < height(wider) * 0.6:
        best = wider
    own = [_SPACE.sub(" ", row) for row in _OWN_BREAK.split(text.strip())]
    kept = len(own) > 1 and max(map(columns, own)) <= LONGEST_LINE
    return "\n".join(own if kept and height(own) >= height(best) / 2 else best)


def _broken(text: str) -> list[list[str]]:
    """The text in one line, in two and so on."""
    found: list[list[str]] = []
    for count in range(1, MAX_LINES + 1):
        rows = break_lines(text, 1, count).split("\n")
        found.append(rows)
        if len(rows) < count:
            break
    return found


def _words(text: str) -> list[tuple[str, bool]]:
    """Unbreakable parts, and whether a space stands before each."""
    parts: list[tuple[str, bool]] = []
    for word in str(text).split():
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
    return parts


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


def _fill(words: list[tuple[str, bool]], limit: float) -> list[str]:
    rows: list[str] = []
    for word, spaced in words:
        joined = f"{rows[-1]}{' ' if spaced else ''}{word}" if rows else word
        if rows and columns(joined) <= limit:
            rows[-1] = joined
        else:
            rows.append(word)
    return rows
