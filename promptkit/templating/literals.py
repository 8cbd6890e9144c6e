"""The literal text between a template's expressions, as the JSON that it is a part of."""

from __future__ import annotations

import re
from typing import NamedTuple

_QUOTED = re.compile(r'(?:[^"\\]|\\.)*("|\Z)', re.DOTALL)
_UNQUOTED = re.compile(r'[^"]*("|\Z)')
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_DANGLING = re.compile(r"(?<!\\)(?:\\\\)*\\\Z")


class Literal(NamedTuple):
    """Literal text of a template, read once for all renderings."""

    text: str
    """With a space in place of each trailing comma."""
    inside: bool
    """Whether a string is open at its end."""
    closes: bool
    """Whether it begins with a closing bracket, outside of strings."""
    comma: int
    """Where the comma stands with which it ends, not counting spaces; -1 for none."""
    blank: bool
    dangling: bool
    """Whether it ends inside a string and with half an escape."""


def read_literal(text: str, *, inside: bool) -> Literal:
    """The text as it reads where a string is open (``inside``) or not."""
    parts: list[str] = []
    closes = not inside and text.lstrip()[:1] in ("}", "]")
    position, comma = 0, -1
    while position < len(text):
        found = (_QUOTED if inside else _UNQUOTED).match(text, position)
        part = found.group() if found else text[position:]
        if not inside:
            part = _TRAILING_COMMA.sub(" ", part)
            bare = part.rstrip()
            comma = position + len(bare) - 1 if bare.endswith(",") else -1
        else:
            comma = -1
        parts.append(part)
        position += len(part)
        if found and found.group(1):
            inside = not inside
    dangling = inside and _DANGLING.search(text) is not None
    return Literal("".join(parts), inside, closes, comma, not text.strip(), dangling)
