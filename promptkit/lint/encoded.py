"""Parts of a caption that stand as JSON inside a string."""

from __future__ import annotations

import json
from typing import Final

from promptkit.document import Node

_MAX_LENGTH: Final = 100_000


def encoded(node: Node) -> str | None:
    """The JSON object or array inside a string value, or None if there is none."""
    text = (node.string() or "").strip()
    if not text or text[0] + text[-1] not in ("{}", "[]") or len(text) > _MAX_LENGTH:
        return None
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return None
    return text
