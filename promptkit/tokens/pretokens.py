"""Cut text into the pieces that byte pairs are merged within, as the Qwen2 tokenizer does.

Its pattern speaks of Unicode letters (L), numbers (N) and spaces, for which Python's ``re`` has no
names. So every character outside ASCII first becomes an ASCII one of the same class, and an ASCII
pattern then finds the same pieces at the same offsets. Source: ``PRETOKENIZE_REGEX`` of
transformers' ``tokenization_qwen2.py``. What this gives up: letters that are newer than the Unicode
tables of the running Python count as symbols.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from itertools import accumulate, pairwise
from typing import Final

_SPACES: Final = frozenset("\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000") | frozenset(
    map(chr, range(0x2000, 0x200B))
)
_LONG_S: Final = "ſ"
"""Its upper case is S, so the pattern's case-blind contractions take it for an s."""


# A bound and then the exact count ask for the same text, one after the other.
@lru_cache(maxsize=1)
def pieces(text: str) -> tuple[str, ...]:
    """The pieces of ``text``, in order and without gaps; each digit is one of its own."""
    if text.isascii():
        return tuple(_pattern().findall(text))
    lengths = map(len, _pattern().findall(text.translate(_CLASSES)))
    cuts = accumulate(lengths, initial=0)
    return tuple(text[start:end] for start, end in pairwise(cuts))


class Sizes(dict[str, int]):
    """A number for each piece, worked out when it is first met and kept if it may come again."""

    LONGEST: Final = 64
    MOST: Final = 16_384

    def __init__(self, measure: Callable[[str], int]) -> None:
        super().__init__()
        self._measure = measure

    def __missing__(self, piece: str) -> int:
        size = self._measure(piece)
        if len(piece) <= self.LONGEST and len(self) < self.MOST:
            self[piece] = size
        return size

    def of(self, text: str) -> int:
        """The sum over all pieces of ``text``."""
        return sum(map(self.__getitem__, pieces(text)))


class _Classes(dict[int, str]):
    """The ASCII stand-in of each code point, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = stand_in = _stand_in(chr(code))
        return stand_in


_CLASSES: Final = _Classes()


def _stand_in(char: str) -> str:
    if char.isascii():
        return char
    if char == _LONG_S:
        return "s"
    if char in _SPACES:
        return "\t"
    return {"L": "a", "N": "0"}.get(unicodedata.category(char)[0], "!")


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(
        r"""'(?i:s|t|re|ve|m|ll|d)
        | [^\r\nA-Za-z0-9]?[A-Za-z]+
        | [0-9]
        | [ ]?[^ \t\r\n\x0b\x0cA-Za-z0-9]+[\r\n]*
        | [ \t\r\n\x0b\x0c]*[\r\n]+
        | [ \t\r\n\x0b\x0c]+(?![^ \t\r\n\x0b\x0c])
        | [ \t\r\n\x0b\x0c]+""",
        re.VERBOSE | re.ASCII,
    )
