"""Strings of a caption, and where a part of one stands in the file, escapes and all."""

from __future__ import annotations

from collections.abc import Sequence
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
    return locate(document, node)(start, end)


def locate(document: Document, node: Node) -> Locator:
    """``inside`` for many parts of one string, which is decoded once, and only if asked."""
    return Locator(document, node)


class Locator:
    """Called with the start and the end of a part of the string; gives its span of the file."""

    __slots__ = ("_decoded", "_document", "_node", "_offsets")

    def __init__(self, document: Document, node: Node) -> None:
        self._document = document
        self._node = node
        self._decoded = False
        self._offsets: Sequence[int] | None = None

    def __call__(self, start: int, end: int) -> tuple[int, int]:
        if not self._decoded:
            self._decoded = True
            self._offsets = self._find_offsets()
        known = self._offsets
        return (known[start], known[end]) if known else (self._node.start, self._node.end)

    def _find_offsets(self) -> Sequence[int] | None:
        text, node = self._document.text, self._node
        value, first = node.string(), node.start + 1
        if value is None or self._document.layered:
            return None
        if text[first : node.end - 1] == value:
            return range(first, node.end)
        decoded, written = decode(text, first, node.end - 1)
        return written if decoded == value else None
