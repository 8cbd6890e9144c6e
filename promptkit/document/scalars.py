"""Values without quotes: numbers, ``true``, ``false``, ``null``, and what people write for them."""

from __future__ import annotations

import re
from math import isfinite
from typing import Final, NamedTuple

from promptkit.document.edit import Edit
from promptkit.document.node import Flaw, Kind

WORD: Final = re.compile(r"-?[^\W\d][\w$.-]*")
ELLIPSIS: Final = re.compile(r"\.{3}|…")

_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])", re.ASCII)
_LOOSE_NUMBER = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?([eE][+-]?\d+)?(?![\w.])", re.ASCII)
_LITERALS: Final = {"true": True, "false": False, "null": None}
_FOREIGN_LITERALS: Final = {
    "True": "true", "TRUE": "true", "False": "false", "FALSE": "false",
    "None": "null", "NULL": "null", "Null": "null", "nil": "null", "undefined": "null",
}  # fmt: skip
_NON_FINITE: Final = {
    word: float(word)
    for word in ("NaN", "-NaN", "Infinity", "-Infinity", "nan", "-nan", "inf", "-inf")
}
_MAX_DIGITS: Final = 400
"""More than any finite double has; Python refuses to read integers of more than 4300."""


class Scalar(NamedTuple):
    """A value that ends before ``text[end]``."""

    kind: Kind
    value: float | int | bool | None
    end: int
    flaw: Flaw | None = None


def read_scalar(text: str, start: int) -> Scalar | None:
    """The number or word at ``text[start]``, or None if what stands there is neither."""
    if number := _NUMBER.match(text, start):
        return _number(number.group(), start, number.end())
    if word := WORD.match(text, start):
        return _word(word.group(), start, word.end())
    loose = _LOOSE_NUMBER.match(text, start)
    if loose is None or not (loose.group(2) or loose.group(3)):
        return None
    sign, whole, fraction, exponent = loose.groups(default="")
    strict = f"{sign.replace('+', '')}{whole.lstrip('0') or '0'}"
    strict += (f".{fraction}" if fraction else "") + exponent
    scalar = _number(strict, start, loose.end())
    if scalar.flaw:
        return scalar
    message = f"'{loose.group()[:40]}' is no number of JSON; write {strict[:40]}"
    edits = (Edit(start, loose.end(), strict),)
    flaw = Flaw(
        "malformed-number", start, loose.end(), message, edits, fix_title=f"Write {strict[:40]}"
    )
    return scalar._replace(flaw=flaw)


def _number(digits: str, start: int, end: int) -> Scalar:
    if len(digits) <= _MAX_DIGITS and isfinite(as_float := float(digits)):
        is_whole = digits.lstrip("-").isdecimal()
        return Scalar(Kind.NUMBER, int(digits) if is_whole else as_float, end)
    message = f"the number {digits[:20]}… is larger than any program holds; write a smaller one"
    flaw = Flaw("non-finite-number", start, end, message)
    return Scalar(Kind.NUMBER, float("-inf" if digits.startswith("-") else "inf"), end, flaw)


def _word(word: str, start: int, end: int) -> Scalar | None:
    if word in _NON_FINITE:
        message = f"{word} is no number of JSON; write a finite one"
        flaw = Flaw("non-finite-number", start, end, message)
        return Scalar(Kind.NUMBER, _NON_FINITE[word], end, flaw)
    plain = _FOREIGN_LITERALS.get(word, word)
    if plain not in _LITERALS:
        return None
    flaw_or_none = None
    if plain != word:
        message = f"{word} is no literal of JSON; write {plain}"
        edits = (Edit(start, end, plain),)
        flaw_or_none = Flaw(
            "python-literal", start, end, message, edits, fix_title=f"Write {plain}"
        )
    kind = Kind.NULL if plain == "null" else Kind.BOOLEAN
    return Scalar(kind, _LITERALS[plain], end, flaw_or_none)
