"""A side of a box is not a whole number.

The model has seen whole numbers from 0 to 1000 alone, each digit a token of its own. Boxes as
fractions of the picture, 0 to 1, are a common form of other tools.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "bbox": [120.0, 300.0, 900.0, 520.0], "desc": "A wooden ladder."}]}}

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "bbox": [0.12, 0.3, 0.9, 0.52], "desc": "A wooden ladder."}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "bbox": [120, 300, 900, 520], "desc": "A wooden ladder."}]}}

Fix: writes 120.0 as 120, which is safe; rounds, or stretches fractions of the picture to 0..1000,
which is unsafe.

Rate: 0 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.lint.boxfix import boxes, whole
from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for node, sides in boxes(caption):
        broken = [side for side in sides if not isinstance(side, int)]
        if broken:
            message = f"{broken[0]} is written as a fraction; write whole numbers from 0 to 1000"
            yield Problem(node, message, whole(node, sides))


RULE = Rule("C243", "fractional-box", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART)
