"""String literals: the strict ones at full speed, and the ones people write instead."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final, NamedTuple

from promptkit.document.edit import Edit, json_string
from promptkit.document.node import Flaw

PLAIN: Final = re.compile(r'"([^"\\\x00-\x1f]*)"(?=[ \t\r\n]*[,:}\]])')
"""A strict literal without escapes: nearly every string of nearly every caption."""

QUOTES: Final = {'"': '"', "'": "'", "“": '”“"', "”": '”"', "„": '“”"', "‘": "’'", "’": "’'"}
"""The opening quotes that people write, and what may close each."""

_SIMPLE_ESCAPES: Final = {
    '"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t",
}  # fmt: skip
_ORDINARY = re.compile(r"""[^"'\\\x00-\x1f“”„‘’]+""")
_AFTER_STRING = re.compile(r"[ \t\r\n]*(?:[,:}\]]|/[/*]|\Z|```)")
_NEXT_LINE_STRING = re.compile(r'[ \t]*\r?\n[ \t\r\n]*["“]')
_UNICODE_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})")


class Literal(NamedTuple):
    """A decoded string literal that ends before ``text[end]``."""

    value: str
    end: int
    flaws: tuple[Flaw, ...]


class UnterminatedError(Exception):
    """A literal that no quote closes."""


def scan(text: str, start: int) -> Literal:
    """Read the literal that opens at ``text[start]``, with whatever quotes it was written.

    Raises:
        UnterminatedError: if it does not end.
    """
    parts: list[str] = []
    flaws: list[Flaw] = []
    escapes: list[Edit] = []
    position = start + 1
    while True:
        if run := _ORDINARY.match(text, position):
            parts.append(run.group())
            position = run.end()
        char = text[position : position + 1]
        if not char:
            raise UnterminatedError
        if char in QUOTES[text[start]] and _closes(text, position + 1):
            break
        if char == "\\":
            char, width, flaw = _escape(text, position)
            if width >= 6 and flaw is None and char >= "\x80":
                escapes.append(Edit(position, position + width, char))
        else:
            width, flaw = 1, _unescaped(char, position)
        flaws += [flaw] if flaw else []
        parts.append(char)
        position += width
    end = position + 1
    if {"control-character", "unescaped-quote"} <= {flaw.slug for flaw in flaws}:
        # A lost closing quote swallows lines and the quotes on them; guessing would spread it.
        raise UnterminatedError
    if escapes:
        flaws.append(_unicode_escapes(start, end, escapes))
    if text[start] != '"':
        flaws = [replace(flaw, edits=()) for flaw in flaws if flaw.slug != "unescaped-quote"]
        flaws.append(_foreign_quotes(text, start, end, "".join(parts), rewrite=bool(flaws)))
    return Literal("".join(parts), end, tuple(flaws))


def decode(text: str, start: int, end: int) -> tuple[str, list[int]]:
    """Decode ``text[start:end]`` as the inside of a literal; what is no escape stays as it is.

    Also gives where each decoded character is written, and at last ``end``.
    """
    characters: list[str] = []
    offsets: list[int] = []
    position = start
    while position < end:
        char, width = text[position], 1
        if char == "\\":
            char, width, _ = _escape(text, position)
        characters.append(char)
        offsets.append(position)
        position += width
    return "".join(characters), [*offsets, end]


def _closes(text: str, behind: int) -> bool:
    # The second: without it a forgotten comma would swallow the next key.
    return bool(_AFTER_STRING.match(text, behind) or _NEXT_LINE_STRING.match(text, behind))


def _escape(text: str, position: int) -> tuple[str, int, Flaw | None]:
    letter = text[position + 1 : position + 2]
    if letter in _SIMPLE_ESCAPES:
        return _SIMPLE_ESCAPES[letter], 2, None
    if digits := _UNICODE_ESCAPE.match(text, position):
        return _unicode(text, position, int(digits.group(1), 16))
    quote = letter == "'"
    flaw = Flaw(
        "invalid-escape",
        position,
        min(position + 2, len(text)),
        f"\\{letter} is no escape of JSON; write \\\\ for a backslash, or the character itself",
        (Edit(position, position + 1, "" if quote else "\\\\"),),
        fix_title="Write the character itself" if quote else "Escape the backslash",
    )
    return ("'", 2, flaw) if quote else ("\\", 1, flaw)


def _unicode(text: str, position: int, code: int) -> tuple[str, int, Flaw | None]:
    if 0xD800 <= code <= 0xDBFF and (low := _UNICODE_ESCAPE.match(text, position + 6)):
        low_code = int(low.group(1), 16)
        if 0xDC00 <= low_code <= 0xDFFF:
            return chr(0x10000 + ((code - 0xD800) << 10) + (low_code - 0xDC00)), 12, None
    if 0xD800 <= code <= 0xDFFF:
        return chr(code), 6, lone_surrogate(position, position + 6, code)
    return chr(code), 6, None


def lone_surrogate(start: int, end: int, code: int) -> Flaw:
    """The flaw of half a character, written as an escape or standing raw in a Python string."""
    message = f"\\u{code:04x} is half of a character (a lone surrogate); write the whole character"
    return Flaw("lone-surrogate", start, end, message)


def _unescaped(char: str, position: int) -> Flaw | None:
    if char < " ":
        escape = json_string(char)[1:-1]
        return Flaw(
            "control-character",
            position,
            position + 1,
            f"a raw control character stands in a string; write {escape}",
            (Edit(position, position + 1, escape),),
            fix_title=f"Write {escape}",
        )
    if char == '"':
        return Flaw(
            "unescaped-quote",
            position,
            position + 1,
            'a double quote inside a string is not escaped; write \\" or use single quotes',
            (Edit(position, position + 1, '\\"'),),
            safe=False,
            fix_title="Escape the quote",
        )
    return None


def _unicode_escapes(start: int, end: int, escapes: list[Edit]) -> Flaw:
    shown = "".join(edit.replacement for edit in escapes[:8])
    more = "…" if len(escapes) > 8 else ""
    return Flaw(
        "unicode-escape",
        start,
        end,
        f"\\u escapes stand for '{shown}{more}'; write the characters themselves, as in training",
        tuple(escapes),
        fix_title="Write the characters themselves",
    )


def _foreign_quotes(text: str, start: int, end: int, value: str, *, rewrite: bool) -> Flaw:
    slug, kind = ("single-quotes", "single") if text[start] == "'" else ("smart-quotes", "smart")
    # The inside is written anew only where it has to be, so that its escapes stay as they were.
    body = text[start + 1 : end - 1]
    literal = json_string(value) if rewrite or '"' in body else f'"{body}"'
    return Flaw(
        slug,
        start,
        end,
        f'a string stands in {kind} quotes; JSON wants straight double quotes "…"',
        (Edit(start, end, literal),),
        fix_title="Use double quotes",
    )
