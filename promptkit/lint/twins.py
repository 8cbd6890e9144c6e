"""Elements that are listed twice."""

from __future__ import annotations

from promptkit.document import plain
from promptkit.lint.finding import Fix, Safety
from promptkit.lint.mending import remove_items
from promptkit.lint.view import ElementView


def remove_twin(first: ElementView, second: ElementView) -> Fix | None:
    """The fix that takes out the second of two elements, if they are equal in everything."""
    listed = second.node.parent
    if listed is None or plain(first.node) != plain(second.node):
        return None
    edits = tuple(remove_items(listed, [second.index]))
    return Fix("Remove the second one", edits, Safety.UNSAFE)
