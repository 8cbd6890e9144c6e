"""The boxes of two text elements overlap.

Two texts in one place run into each other, and the model drops or garbles letters of both. Boxes
that merely touch are no mistake: up to a tenth of the smaller one is let pass.

Bad:

    {"high_level_description": "A concert poster.", "compositional_deconstruction": {"background": "Dark blue paper.", "elements": [{"type": "text", "bbox": [100, 100, 300, 900], "text": "NIGHT MUSIC", "desc": "Huge cream capitals."}, {"type": "text", "bbox": [250, 200, 340, 800], "text": "Saturday at nine", "desc": "Small cream italics."}]}}

Good:

    {"high_level_description": "A concert poster.", "compositional_deconstruction": {"background": "Dark blue paper.", "elements": [{"type": "text", "bbox": [100, 100, 300, 900], "text": "NIGHT MUSIC", "desc": "Huge cream capitals."}, {"type": "text", "bbox": [320, 200, 410, 800], "text": "Saturday at nine", "desc": "Small cream italics."}]}}

Rate: 3 of 150 collected captions, and every one of their seven pairs collides by eye.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptkit.lint.boxes import pairs
from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView

_TOLERANCE: Final = 0.1


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for first, second in pairs(caption.texts):
        # Equal boxes are the matter of identical-boxes.
        if first.box == second.box or not (common := first.box.intersection(second.box)):
            continue
        shared = common / min(first.box.area, second.box.area)
        if shared > _TOLERANCE:
            message = (
                f"{shared:.0%} of {second.element.label} and {first.element.label} overlap; "
                "move the boxes apart"
            )
            yield Problem(second.node, message)


RULE = Rule(
    "C307", "overlapping-texts", Severity.WARNING, __doc__, caption=_check, scope=Scope.ELEMENTS
)
