"""A text comes closer than 2 % to the edge of the picture.

Letters at the very edge are easily cut off. Things may run out of the picture; texts should not.

Bad:

    {"high_level_description": "A concert poster.", "compositional_deconstruction": {"background": "Dark blue paper.", "elements": [{"type": "text", "bbox": [100, 5, 300, 900], "text": "NIGHT MUSIC", "desc": "Huge cream capitals."}]}}

Good:

    {"high_level_description": "A concert poster.", "compositional_deconstruction": {"background": "Dark blue paper.", "elements": [{"type": "text", "bbox": [100, 60, 300, 940], "text": "NIGHT MUSIC", "desc": "Huge cream capitals."}]}}

Rate: 8 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptkit.geometry import GRID
from promptkit.lint.boxes import placed
from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView

_MARGIN: Final = 20


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for each in placed(caption.texts):
        box = each.box
        margin = min(box.y_min, box.x_min, GRID - box.y_max, GRID - box.x_max)
        if margin < _MARGIN:
            message = f"the text comes within {margin} of the edge; leave {_MARGIN} or more"
            yield Problem(each.node, message)


RULE = Rule(
    "C311",
    "text-near-edge",
    Severity.INFO,
    __doc__,
    caption=_check,
    scope=Scope.PART,
    default=False,
)
