"""What the two rules about the order of keys share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from promptkit.document import Document
from promptkit.lint.finding import Fix
from promptkit.lint.mending import reorder_members
from promptkit.lint.rule import Problem
from promptkit.lint.view import Block


def misordered(document: Document, block: Block, order: Sequence[str]) -> Iterator[Problem]:
    """The problem of keys that are there and out of ``order``; keys that are missing are none."""
    members = {key: member for key, member in block.members.items() if key in order}
    present = sorted(members, key=lambda key: members[key].start)
    wanted = sorted(present, key=order.index)
    for key, due in zip(present, wanted, strict=True):
        if key != due:
            edits = reorder_members(document, block.node, [members[name].name for name in wanted])
            message = f"the keys stand as {', '.join(present)}; write {', '.join(wanted)}"
            place = (members[key].start, members[key].end)
            yield Problem(place, message, Fix("Reorder the keys", tuple(edits)), block.node)
            return
