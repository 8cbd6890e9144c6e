"""The keys of a style block, a composition or an element stand in another order than in training.

The model has seen one order alone, and the order of a style block even says which of the two kinds
it is. The official verifier reports the same.

Bad:

    {"compositional_deconstruction": {"background": "a wall", "elements": [{"desc": "a ladder", "type": "obj"}]}}

Good:

    {"compositional_deconstruction": {"background": "a wall", "elements": [{"type": "obj", "desc": "a ladder"}]}}

Fix: brings the keys into order; safe.

Rate: 16 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.lint.finding import Fix, Severity
from promptkit.lint.mending import reorder_members
from promptkit.lint.rule import Options, Problem, Rule
from promptkit.lint.spelling import key_order
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for role, node in caption.objects():
        order = key_order(role, node)
        if order is None or role == "root":
            continue
        present = [member.name for member in node.members if member.name in order]
        wanted = sorted(present, key=order.index)
        if present != wanted:
            message = f"the keys stand as {', '.join(present)}; write {', '.join(wanted)}"
            edits = tuple(reorder_members(caption.document, node, order))
            yield Problem(node, message, Fix("Reorder the keys", edits))


RULE = Rule("C201", "key-order", Severity.ERROR, __doc__, caption=_check)
