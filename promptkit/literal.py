"""The literal that a text element's prose quotes, where its ``text`` should have held it."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_INTRODUCTION = (
    r"\b(?:exact (?:text|words?|lettering)|text (?:reading|that reads|that says|says|reads)"
    r"|reads|reading|saying|spell(?:s|ed|ing)(?: out)?|text:|words?:)[:,]?\s+"
)
_LETTERING = r"\b(?:letter(?:s|ing)|digits?|numerals?|font|typeface|type|script|capitals|caps)\b"
_PLACE = (
    r"(?:on|above|below|under|across|along|at|inside|near|over) (?:the|a|an|each|its|his|her)\b"
)
_MANNER = r"(?:appearing|engraved|carved|painted|printed|written|floating|stamped|glowing)\b"

MAX_LENGTH: Final = 80
"""Longer than any text of 93 public captions; what is longer is a description after all."""


def literal_in(desc: str) -> str | None:
    """The one literal that ``desc`` introduces ("the exact text OPEN in bold letters …"), or None.

    None also where several literals are quoted, or where it cannot be told where one ends: whoever
    wrote the caption has to say which characters are to be drawn.

    >>> literal_in("A sign that reads 'Bakery' in gold leaf")
    'Bakery'
    """
    quoted = {"".join(groups).strip() for groups in _quoted().findall(desc)} - {""}
    if quoted:
        return _sensible(quoted.pop()) if len(quoted) == 1 else None
    introductions = list(_introduction().finditer(desc))
    if len(introductions) != 1:
        return None
    begin = introductions[0].end()
    clause = desc[begin : begin + 4 * MAX_LENGTH]
    for pattern in _endings():
        if ended := pattern.match(clause):
            return _sensible(ended.group(1))
    return None


def _sensible(literal: str) -> str | None:
    literal = literal.strip(" \t,;:")
    # "A man reading the morning paper" introduces nothing.
    described = literal.startswith(("a ", "an ", "the "))
    return literal if 0 < len(literal) <= MAX_LENGTH and not described else None


@cache
def _quoted() -> re.Pattern[str]:
    # An apostrophe inside a word opens and closes nothing.
    return re.compile(
        r"""(?<!\w)(?:"([^"\n]{1,200})"|'((?:[^'\n]|(?<=\w)'(?=\w)){1,200})'(?!\w)"""
        r"""|“([^”\n]{1,200})”|‘((?:[^’\n]|(?<=\w)’(?=\w)){1,200})’|«([^»\n]{1,200})»|「([^」\n]{1,200})」)"""
    )


@cache
def _introduction() -> re.Pattern[str]:
    return re.compile(_INTRODUCTION, re.IGNORECASE)


@cache
def _endings() -> tuple[re.Pattern[str], ...]:
    sentence = r"(?:[^.!?\n]|[.!?](?=\S))"
    no_lettering = rf"(?:(?!{_LETTERING}){sentence})"
    return (
        # "Made in Italy in bold letters": the last "in" before the first word for lettering.
        re.compile(rf"({no_lettering}+) in (?:(?! in ){no_lettering})*{_LETTERING}"),
        re.compile(rf"({sentence}+?),? (?:{_PLACE}|{_MANNER})"),
        re.compile(rf"({sentence}+)[.!?]?\s*\Z"),
    )
