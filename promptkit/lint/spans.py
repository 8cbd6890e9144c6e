"""Strings of a caption, and where a part of one stands in the file, escapes and all."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache

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
    return Locator(document, node)(start, end)


class Locator:
    """``inside`` for many parts of one string, which is decoded once, and only if asked."""

    def __init__(self, document: Document, node: Node) -> None:
        self._document = document
        self._node = node

    def __call__(self, start: int, end: int) -> tuple[int, int]:
        known = self._offsets
        return (known[start], known[end]) if known else (self._node.start, self._node.end)

    @cached_property
    def _offsets(self) -> Sequence[int] | None:
        text, node = self._document.text, self._node
        value, first = node.string(), node.start + 1
        if value is None or self._document.layered:
            return None
        if text[first : node.end - 1] == value:
            return range(first, node.end)
        decoded, written = decode(text, first, node.end - 1)
        return written if decoded == value else None
