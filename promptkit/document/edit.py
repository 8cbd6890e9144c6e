"""Edits of text: replace a span, leave every other character alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Final, NamedTuple

SURROGATE: Final = re.compile("[\ud800-\udfff]")
"""Half a character: valid in a Python string, in no file."""


class Edit(NamedTuple):
    """Replace ``text[start:end]`` by ``replacement``."""

    start: int
    end: int
    replacement: str


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """``text`` with all ``edits`` made.

    Raises:
        ValueError: if two edits overlap.
    """
    parts: list[str] = []
    position = 0
    for edit in sorted(edits):
        if edit.start < position:
            raise ValueError(f"edits overlap at offset {edit.start}")
        parts += (text[position : edit.start], edit.replacement)
        position = edit.end
    parts.append(text[position:])
    return "".join(parts)


def json_string(value: str) -> str:
    """A JSON literal with literal UTF-8; lone surrogates, which UTF-8 cannot hold, stay escaped."""
    return escaped_surrogates(json.dumps(value, ensure_ascii=False))


def escaped_surrogates(json_text: str) -> str:
    """JSON text in which lone surrogates stand as escapes."""
    return SURROGATE.sub(lambda match: f"\\u{ord(match.group()):04x}", json_text)
