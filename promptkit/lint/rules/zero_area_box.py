"""A box has no width or no height.

Nothing can be drawn in it. The official verifier compares with "not greater" and lets it pass.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "bbox": [120, 300, 120, 520], "desc": "A wooden ladder."}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "bbox": [120, 300, 900, 520], "desc": "A wooden ladder."}]}}

Fix: drops the box, so that the model finds a place; unsafe.

Rate: 0 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.lint.boxfix import boxes
from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.mending import remove_members
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for node, (y_min, x_min, y_max, x_max) in boxes(caption):
        if y_min == y_max or x_min == x_max:
            side = "height" if y_min == y_max else "width"
            message = f"the box has no {side}; draw it as large as the thing, or leave it out"
            owner = node.parent
            members = [each for each in owner.members if each.value is node] if owner else []
            edits = tuple(remove_members(owner, members)) if owner else ()
            yield Problem(node, message, Fix("Drop the box", edits, Safety.UNSAFE))


RULE = Rule("C246", "zero-area-box", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART)
