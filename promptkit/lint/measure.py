"""How large the letters of a text can be in its box: the one measure behind the text rules.

No font is needed for a bound. A Latin letter is about half as wide as its em, an East Asian one or
an emoji a whole em, a combining mark nothing; lines are set solid, one em each. Real faces are set
looser, so the letters come out smaller than the bound, never larger.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from math import ceil, inf
from typing import Final

from promptkit.geometry import BBox, Size

COLUMN: Final = 0.5
"""Width of one column in em: the mean advance of a sans-serif face, capitals and spaces included,
is 0.5 to 0.6."""

_NO_WIDTH: Final = frozenset({"Mn", "Me", "Cf", "Cc", "Cs"})


def columns(line: str) -> int:
    """The width of a line in columns of half an em."""
    if line.isascii():
        return len(line)
    return sum(_columns_of(char) for char in line)


def em_pixels(text: str, box: BBox, size: Size, *, enough: float = inf) -> float:
    """The largest em, in pixels, at which ``text`` fits into ``box`` on a picture of ``size``.

    The text may be wrapped between words, may be turned upright, or stacked letter by letter. The
    first way that gives ``enough`` pixels is taken, however much larger another might be.
    """
    width = box.width * size.width / 1000
    height = box.height * size.height / 1000
    best = 0.0
    for em in _ways(text, width, height):
        best = max(best, em)
        if best >= enough:
            break
    return best


def _ways(text: str, width: float, height: float) -> Iterator[float]:
    yield _as_written(text, width, height)
    yield _fitting(text, width, height)
    yield _fitting(text, height, width)
    yield _stacked(text, width, height)


def _as_written(text: str, width: float, height: float) -> float:
    lines = text.strip().split("\n")
    return _em(max(map(columns, lines)), len(lines), width, height)


def _fitting(text: str, width: float, height: float) -> float:
    lines = [line.strip() for line in text.splitlines() if line.strip()] or [""]
    longest_word = max((columns(word) for word in text.split()), default=1)
    total = sum(columns(line) for line in lines)
    best = _em(max(columns(line) for line in lines), len(lines), width, height)
    for count in range(len(lines) + 1, len(text.split()) + 1):
        if best >= height / count:
            # From here on the height alone allows no larger letters.
            break
        best = max(best, _em(max(longest_word, ceil(total / count)), count, width, height))
    return best


def _stacked(text: str, width: float, height: float) -> float:
    lines = [line.strip() for line in text.splitlines() if line.strip()] or [""]
    letters = max(sum(_columns_of(char) > 0 for char in line) for line in lines)
    widest = max((_columns_of(char) for char in text), default=1)
    return min(height / max(letters, 1), width / (COLUMN * max(widest, 1) * len(lines)))


def _em(across: int, lines: int, width: float, height: float) -> float:
    return min(height / lines, width / (COLUMN * max(across, 1)))


def _columns_of(char: str) -> int:
    if unicodedata.category(char) in _NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
