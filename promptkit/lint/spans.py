"""Strings of a caption, and where a part of one stands in the file, escapes and all."""

from __future__ import annotations

from functools import lru_cache

from promptkit.document import Document, Node
from promptkit.document.strings import decode


@lru_cache(maxsize=4)
def strings(node: Node) -> tuple[tuple[Node, str], ...]:
    """Every string at or below a node, whatever its key; several rules ask for those of one."""
    return tuple((each, value) for each in node.walk() if (value := each.string()) is not None)


def inside(document: Document, node: Node, start: int, end: int) -> tuple[int, int]:
    """The span of the file that holds characters ``start`` to ``end`` of a string's value.

    The whole literal where the parts cannot be told, as in a caption encoded inside a string.
    """
    value, body = node.string(), document.text[node.start + 1 : node.end - 1]
    if value is None or document.layered:
        return node.start, node.end
    if body == value:
        return node.start + 1 + start, node.start + 1 + end
    decoded, offsets = decode(document.text, node.start + 1, node.end - 1)
    if decoded != value:
        return node.start, node.end
    return offsets[start], offsets[end]
