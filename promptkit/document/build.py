"""A document from data that was never a file: all of its tree, none of its places."""

from __future__ import annotations

from typing import Any

from promptkit.document.node import Document, Kind, Member, Node


def from_data(data: Any) -> Document:
    """The document that canonical JSON of ``data`` would be read as, with every span at 0.

    Made for checking thousands of captions that a program wrote: building the tree is several
    times faster than reading it from text, and places are only worth knowing where something is
    found.
    """
    root = _build(data, None, "")
    return Document("", (root,), (root,))


def _build(data: Any, parent: Node | None, key: str | int) -> Node:
    if isinstance(data, str):
        node = Node(Kind.STRING, 0, 0, parent, key)
        node.value = data
    elif isinstance(data, dict):
        node = Node(Kind.OBJECT, 0, 0, parent, key)
        node.members = [Member(k, 0, 0, _build(value, node, k)) for k, value in data.items()]
    elif isinstance(data, (list, tuple)):
        node = Node(Kind.ARRAY, 0, 0, parent, key)
        node.items = [_build(item, node, index) for index, item in enumerate(data)]
    elif data is None or isinstance(data, bool):
        node = Node(Kind.NULL if data is None else Kind.BOOLEAN, 0, 0, parent, key)
        node.value = data
    else:
        node = Node(Kind.NUMBER, 0, 0, parent, key)
        node.value = data
    return node
