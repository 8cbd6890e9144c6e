"""Elements that are listed twice."""

from __future__ import annotations

from promptkit.document import Edit, plain
from promptkit.lint.finding import Fix, Safety
from promptkit.lint.view import ElementView


def remove_twin(first: ElementView, second: ElementView) -> Fix | None:
    """The fix that takes out the second of two elements, if they are equal in everything."""
    listed = second.node.parent
    if listed is None or plain(first.node) != plain(second.node):
        return None
    # The first stands before it, so there is a comma between the two to go as well.
    edit = Edit(listed.items[second.index - 1].end, second.node.end, "")
    return Fix("Remove the second one", (edit,), Safety.UNSAFE)
