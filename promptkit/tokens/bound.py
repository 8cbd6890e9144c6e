"""How many tokens a text has at least and at most, without the vocabulary.

Byte pairs are merged within each piece until no two neighbours form a token of the vocabulary. So a
pair of bytes that is known to be a token never stands as two neighbouring tokens in the end, and
the longest cutting that obeys this bounds the count from above. Facts known here: which pairs of
lower-case letters are tokens, and some whole pieces (``words.txt``); the tests hold them against
the vocabulary. Everything unknown counts as if nothing could be merged.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from promptkit.tokens.pretokens import Sizes, pieces

_RARE: Final = (
    "bq fj fz gj gk gq hj jg jv jw jx jy jz kq kx kz lq mz nq oq qf qg qj qk qo qy qz rj tj tq uq "
    "vq vz wq wv wz xg xh xj xk xq xu xv xw yf yj yq yv zg zj zq zr zv"
)
RARE_PAIRS: Final = frozenset(_RARE.split())
"""The pairs of lower-case letters that are no tokens."""
PAIRED_LEADS: Final = frozenset(b"\xc3\xc4\xe5\xe6\xe7\xe8\xeb")
"""First bytes of a character that form a token with any second byte: Latin accents, most Han."""
_SIGNS: Final = """{" ":" "," ":{" ":[" ":[{" "},{" ":[ ],"  ."," "}, . , ; : ' " - / % & ( ) [ ]
    { } ), ). ', '. '," ," ); ': 's ’ — – ” ° • ×"""
_SPACED_SIGNS: Final = "( ' — – & # - “ ·"
_KEYS: Final = "high _level _description style photo medium color _palette type obj text desc bbox"
_PER_PIECE: Final = 1.09
_PER_OTHER: Final = 0.6
"""Tokens for each character outside ASCII: such words are longer, and seldom one token."""


def upper_bound(text: str) -> int:
    """A number of tokens that ``text`` (in NFC) never exceeds."""
    return _sizes().of(text)


def lower_bound(text: str) -> int:
    """A number of tokens that ``text`` (in NFC) always reaches: each piece takes at least one."""
    return len(pieces(text))


def typical(text: str) -> int:
    """About how many tokens ``text`` has.

    Of 150 collected captions nine tenths come within 5 % of it.
    """
    others = 0 if text.isascii() else len(text) - sum(map(str.isascii, text))
    return round(lower_bound(text) * _PER_PIECE + others * _PER_OTHER)


@cache
def whole_pieces() -> frozenset[str]:
    """Pieces that are known to be one token: common words behind a space, keys, and signs."""
    words = Path(__file__).with_name("words.txt").read_text(encoding="utf-8").split()
    spaced = (f" {piece}" for piece in (*words, *_SPACED_SIGNS.split()))
    return frozenset({*spaced, *_KEYS.split(), *_SIGNS.split()})


@cache
def _sizes() -> Sizes:
    whole = whole_pieces()
    return Sizes(lambda piece: 1 if piece in whole else _longest_cutting(piece))


def _longest_cutting(piece: str) -> int:
    data = piece.encode()
    # The most tokens of data[:i] whose last is of one byte, and of several. Two or three bytes are
    # enough for the latter: a longer token could be cut further without breaking the rule.
    single, several = [0], [0]
    for end in range(1, len(data) + 1):
        alone = end >= 2 and _is_token(data[end - 2], data[end - 1])
        single.append(1 + (several[end - 1] if alone else max(single[end - 1], several[end - 1])))
        starts = range(max(end - 3, 0), end - 1)
        several.append(max((1 + max(single[at], several[at]) for at in starts), default=0))
    return max(single[-1], several[-1])


def _is_token(first: int, second: int) -> bool:
    if 97 <= second <= 122:
        return first == 32 or (97 <= first <= 122 and chr(first) + chr(second) not in RARE_PAIRS)
    return (first == 32 and 65 <= second <= 90) or (first in PAIRED_LEADS and second >= 0x80)
