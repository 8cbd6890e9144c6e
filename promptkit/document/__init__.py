"""JSON text as it stands in the file: a tree that knows where everything is written.

``read`` never fails on a caption: it forgives what people and language models write, and names each
thing it forgave as a ``Flaw``.
"""

from __future__ import annotations

from promptkit.document.edit import Edit, apply_edits
from promptkit.document.node import Document, Flaw, Kind, Member, Node, plain
from promptkit.document.reader import MAX_BYTES, read

__all__ = [
    "MAX_BYTES",
    "Document",
    "Edit",
    "Flaw",
    "Kind",
    "Member",
    "Node",
    "apply_edits",
    "plain",
    "read",
]
