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
from functools import cache
from typing import Final

WORD: Final = 64
"""Characters of a piece that may well come again."""

_SPACES: Final = frozenset("\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000") | frozenset(
    map(chr, range(0x2000, 0x200B))
)
_LONG_S: Final = "ſ"
"""Its upper case is S, so the pattern's case-blind contractions take it for an s."""


def pieces(text: str) -> list[str]:
    """The pieces of ``text``, in order and without gaps; each digit is one of its own."""
    if text.isascii():
        return _pattern().findall(text)
    classes = text.translate(_CLASSES)
    return [text[match.start() : match.end()] for match in _pattern().finditer(classes)]


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
