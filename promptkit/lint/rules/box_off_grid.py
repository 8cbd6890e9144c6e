"""A box reaches outside the grid of 0 to 1000.

The grid is the picture, whatever its size: 1000 is the right or bottom edge. Larger numbers are
pixels, or belong to a grid of another size, so clamping them would put the box somewhere else.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "bbox": [240, 600, 1080, 1040], "desc": "A wooden ladder."}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "bbox": [222, 312, 1000, 542], "desc": "A wooden ladder."}]}}

Rate: 2 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.boxform import figure
from promptkit.geometry import GRID
from promptkit.lint.boxfix import boxes
from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for node, sides in boxes(caption):
        if max(sides) > GRID:
            advice = "pixels? 'promptkit convert' brings them to the grid"
            yield Problem(
                node, f"{figure(max(sides))} is outside the grid of 0 to {GRID}; {advice}"
            )
        elif min(sides) < 0:
            advice = "write 0 for the left or top edge"
            yield Problem(
                node, f"{figure(min(sides))} is outside the grid of 0 to {GRID}; {advice}"
            )


RULE = Rule("C244", "box-off-grid", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART)
