"""Which quotes open and close a string, and how to tell a closing one from one that is drawn."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

PLAIN: Final = re.compile(r'"([^"\\\x00-\x1f]*)"(?=[ \t\r\n]*[,:}\]])')
"""A strict literal without escapes: nearly every string of nearly every caption."""

QUOTES: Final = {
    '"': '"', "'": "'", "`": "`", "“": '”“"', "”": '”"', "„": '“”"', "‘": "’'", "’": "’'",
}  # fmt: skip
"""The opening quotes that people write, and what may close each."""

ODD_SPACE: Final = (
    "[\u0085\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff\x0b\x0c]"
    r"|\\[nrt]"
)
"""What stands between values and looks like space, or is a line break that was escaped."""

_SPACE = rf"(?:[ \t\r\n]|{ODD_SPACE})*"
_NAME = r"""(?:["'“‘„`][^"'”’“`\n]{0,80}["'”’“`]|[^\W\d][\w$.-]{0,80})"""
_BEHIND = r"/[/*]|\Z|```"


class Role(Enum):
    """What a string stands for, which says what may follow it."""

    KEY = re.compile(rf"{_SPACE}[:：]")
    VALUE = re.compile(
        rf"{_SPACE}(?:[}}\]]|[,，]{_SPACE}(?:[}}\],/#]|\Z|{_NAME}{_SPACE}[:：])|{_BEHIND})"
    )
    ITEM = re.compile(
        rf"""{_SPACE}(?:[}}\]]|[,，]{_SPACE}(?:["'“‘„`{{}}\[\](),/#\d.+-]|\Z)|{_BEHIND})"""
    )


_AFTER_STRING = re.compile(rf'{_SPACE}(?:[,:}}\]，：]|#[^"\n]*(?:\n|\Z)|{_BEHIND})')
_NEXT_MEMBER = re.compile(r'[ \t]*\r?\n[ \t\r\n]*["“]|[ \t]+"[^"\\\n]{1,60}"[ \t]*:')
_AFTER_TUPLE = re.compile(r"[ \t\r\n]*\)")


def closes(text: str, behind: int, role: Role, *, in_doubt: bool, in_tuple: bool) -> bool:
    """Whether a string may end before ``text[behind]``.

    A comma, a colon or a bracket has to follow; and ``in_doubt``, where the string already holds a
    quote that did not close it, what follows has to make sense for its role as well.
    """
    follows = role.value if in_doubt else _AFTER_STRING
    return bool(
        follows.match(text, behind)
        # Without this a forgotten comma would swallow the next key.
        or _NEXT_MEMBER.match(text, behind)
        or (in_tuple and _AFTER_TUPLE.match(text, behind))
    )
