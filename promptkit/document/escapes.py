r"""Backslash escapes in strings: JSON's own, and those of the languages people paste from."""

from __future__ import annotations

import re
from string import punctuation
from typing import Final, NamedTuple

from promptkit.document.edit import json_string
from promptkit.document.node import Flaw, shown

_SIMPLE: Final = {
    '"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t",
}  # fmt: skip
_UNICODE = re.compile(r"\\u([0-9A-Fa-f]{4})")
_DOUBLED = re.compile(r"\\\\u([0-9A-Fa-f]{4})")
_FOREIGN = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u\{([0-9A-Fa-f]{1,6})\}|U([0-9A-Fa-f]{8}))")
_NEEDS_ESCAPE: Final = frozenset('"\\\x7f')


class Escape(NamedTuple):
    """One escape, what it stands for, and what is wrong with it."""

    value: str
    width: int
    """How many characters of the text it takes."""
    slug: str = ""
    """The flaw's, or empty."""
    message: str = ""
    edit: str | None = None
    """What to write in its place."""
    safe: bool = True


def read_escape(text: str, position: int) -> Escape:
    """The escape whose backslash is ``text[position]``; one that means nothing is a backslash."""
    letter = text[position + 1 : position + 2]
    if letter == "\\" and (doubled := _code(_DOUBLED, text, position)) >= 0x80:
        return _doubled(text, position, doubled)
    if letter in _SIMPLE:
        return Escape(_SIMPLE[letter], 2)
    code = _code(_UNICODE, text, position)
    return _unicode(text, position, code) if code >= 0 else _foreign(text, position, letter)


def lone_surrogate(start: int, end: int, code: int) -> Flaw:
    """The flaw of half a character that stands raw in a Python string."""
    return Flaw("lone-surrogate", start, end, _half(code))


def _half(code: int) -> str:
    return f"\\u{code:04x} is half of a character (a lone surrogate); write the whole character"


def _code(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return int(match.group(1), 16) if match else -1


def _pair(pattern: re.Pattern[str], text: str, high: int, behind: int) -> str:
    """The character of a surrogate pair, whose second half stands at ``behind``, or ''."""
    low = _code(pattern, text, behind) if 0xD800 <= high <= 0xDBFF else -1
    if not 0xDC00 <= low <= 0xDFFF:
        return ""
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _unicode(text: str, position: int, code: int) -> Escape:
    if char := _pair(_UNICODE, text, code, position + 6):
        width = 12
    elif 0xD800 <= code <= 0xDFFF:
        return Escape(chr(code), 6, "lone-surrogate", _half(code))
    else:
        char, width = chr(code), 6
    if char < " " or char in _NEEDS_ESCAPE:
        return Escape(char, width)
    written = text[position : position + width]
    message = f"{written} stands for '{char}'; write the character itself, as in training"
    return Escape(char, width, "unicode-escape", message, char)


def _doubled(text: str, position: int, code: int) -> Escape:
    """An escaped backslash before ``u00e9``: drawn as six characters, surely meant as one."""
    pair = _pair(_DOUBLED, text, code, position + 7)
    half = not pair and 0xD800 <= code <= 0xDFFF
    char = pair or chr(code)
    message = f"\\\\u{code:04x} draws a backslash and a code; write " + (
        "the character itself" if half else f"'{char}' itself"
    )
    # Only the backslash is decoded here: the codes behind it are ordinary characters.
    value = "\\" + text[position + 2 : position + 7]
    if pair:
        value += "\\" + text[position + 9 : position + 14]
    edit = None if half else char
    return Escape(value, 14 if pair else 7, "literal-escape", message, edit, safe=False)


def _foreign(text: str, position: int, letter: str) -> Escape:
    if match := _FOREIGN.match(text, position):
        code = int(next(filter(None, match.groups())), 16)
        if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF:
            char = chr(code)
            edit = json_string(char)[1:-1]
            message = f"{match.group()} is no escape of JSON; write {edit}"
            return Escape(char, len(match.group()), "invalid-escape", message, edit)
    if letter in "\r\n" and letter:
        width = 3 if text.startswith("\\\r\n", position) else 2
        message = "a backslash at the end of a line is no escape of JSON; write the line on"
        return Escape("", width, "invalid-escape", message, "")
    if letter and letter in punctuation:
        message = f"\\{letter} is no escape of JSON; write {letter}, or \\\\ for a backslash"
        return Escape(letter, 2, "invalid-escape", message, letter, safe=letter == "'")
    if letter and letter < " ":
        edit = json_string(letter)[1:-1]
        message = f"a backslash before {shown(letter)} is no escape of JSON; write {edit}"
        return Escape(letter, 2, "invalid-escape", message, edit, safe=False)
    message = f"a backslash before {shown(letter)} is no escape of JSON; write \\\\ for a backslash"
    return Escape("\\", 1, "invalid-escape", message, "\\\\", safe=False)
