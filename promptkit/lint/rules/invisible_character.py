"""A string holds a character that nobody sees: a control, a zero-width space, a direction mark.

It comes from copying out of web pages and editors. It cannot be drawn, but it splits words into
other tokens, and marks of direction make the text read otherwise than it is stored. Joiners within
emoji and within scripts that use them are left alone, and so are no-break spaces.

Bad: an example would look like the good one; "OP" and "EN" with U+200B between them are one.

Good:

    {"high_level_description": "A café door.", "compositional_deconstruction": {"background": "A blue wall.", "elements": [{"type": "text", "text": "OPEN", "desc": "White capitals."}]}}

Fix: removes it, or writes a space for a tab and a line break for a foreign one; safe, but unsafe
for marks of direction.

Rate: none of 150 collected captions.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final

from promptkit.document import Edit
from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.spans import Locator, strings
from promptkit.lint.view import CaptionView

_DIRECTION: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ZERO_WIDTH: Final = frozenset("\u00ad\u180e\u200b\u2060\ufeff")
_JOINERS: Final = frozenset("\u200c\u200d")
_INSTEAD: Final = {"\t": " ", "\u2028": "\\n", "\u2029": "\\n", "\x85": "\\n", "\v": "\\n"}


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for node, value in strings(caption.node):
        # The quick test of nearly every string; a line break is the one control that is meant.
        if value.isprintable() or value.replace("\n", "").isprintable():
            continue
        found = [at for at in range(len(value)) if _is_invisible(value, at)]
        if not found:
            continue
        characters, span = {value[at] for at in found}, Locator(caption.document, node)
        edits = tuple(Edit(*span(at, at + 1), _instead(value, at)) for at in found)
        safety = Safety.UNSAFE if characters & _DIRECTION else Safety.SAFE
        names = ", ".join(sorted(map(_name, characters))[:3])
        message = f"the string holds {names}, which cannot be seen; remove it"
        start = edits[0].start
        fix = Fix("Remove what cannot be seen", edits, safety)
        yield Problem((start, edits[0].end), message, fix, node)


def _is_invisible(text: str, at: int) -> bool:
    char = text[at]
    if char.isprintable() or char == "\n":
        return False
    if char in _JOINERS:
        around = text[max(at - 1, 0) : at], text[at + 1 : at + 2]
        return any(each.isascii() for each in around)
    listed = char in _DIRECTION or char in _ZERO_WIDTH or char in _INSTEAD
    return listed or unicodedata.category(char) == "Cc"


def _instead(text: str, at: int) -> str:
    if text[at] == "\r":
        return "" if text[at + 1 : at + 2] == "\n" else "\\n"
    return _INSTEAD.get(text[at], "")


def _name(char: str) -> str:
    name = unicodedata.name(char, "a control character").lower()
    return f"U+{ord(char):04X} ({name})"


RULE = Rule(
    "C412", "invisible-character", Severity.WARNING, __doc__, caption=_check, scope=Scope.PART
)
