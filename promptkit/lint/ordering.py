"""What the two rules about the order of keys share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from promptkit.document import Document, Node
from promptkit.keys import Role
from promptkit.lint.finding import Fix
from promptkit.lint.mending import reorder_members
from promptkit.lint.rule import Problem
from promptkit.lint.spelling import resolved


def misordered(
    document: Document, role: Role, node: Node, order: Sequence[str]
) -> Iterator[Problem]:
    """The problem of keys that are there and out of ``order``; keys that are missing are none."""
    members = {key: member for key, member in resolved(role, node).items() if key in order}
    present = sorted(members, key=lambda key: members[key].start)
    wanted = sorted(present, key=order.index)
    for key, due in zip(present, wanted, strict=True):
        if key != due:
            edits = reorder_members(document, node, [members[name].name for name in wanted])
            message = f"the keys stand as {', '.join(present)}; write {', '.join(wanted)}"
            place = (members[key].start, members[key].end)
            yield Problem(place, message, Fix("Reorder the keys", tuple(edits)), node)
            return
