"""The box of an object is under 2 % of the picture.

The model follows broad zones better than small ones: at 1024x1024 this is less than 145x145 pixels.
Fine for a small thing that belongs there, too little for a subject.

Bad:

    {"high_level_description": "A harbour at dawn.", "compositional_deconstruction": {"background": "A calm bay.", "elements": [{"type": "obj", "bbox": [500, 500, 600, 620], "desc": "A fisherman in yellow oilskins."}]}}

Good:

    {"high_level_description": "A harbour at dawn.", "compositional_deconstruction": {"background": "A calm bay.", "elements": [{"type": "obj", "bbox": [420, 430, 760, 610], "desc": "A fisherman in yellow oilskins."}]}}

Rate: 10 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptkit.lint.boxes import placed
from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.rules.tiny_box import is_tiny
from promptkit.lint.view import CaptionView

_SMALL: Final = 0.02


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for each in placed(caption.elements):
        if each.element.type == "obj" and each.box.area < _SMALL and not is_tiny(each):
            share = f"{each.box.area:.1%}"
            message = f"the box is only {share} of the picture; a broader one is followed better"
            yield Problem(each.node, message)


RULE = Rule(
    "C306", "small-box", Severity.INFO, __doc__, caption=_check, scope=Scope.PART, default=False
)
