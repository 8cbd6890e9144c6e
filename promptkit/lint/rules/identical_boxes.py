"""Two elements of one type have exactly the same box.

Two things cannot fill the same place; it is the trace of an element that was copied and not moved.
A sign and the lettering that fills it may share a box: those are of two types. So may layers over
the whole picture, such as falling snow and a painted frame.

Bad:

    {"high_level_description": "Two cats on a sofa.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "bbox": [400, 100, 800, 450], "desc": "A black cat, asleep."}, {"type": "obj", "bbox": [400, 100, 800, 450], "desc": "A ginger cat, washing."}]}}

Good:

    {"high_level_description": "Two cats on a sofa.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "bbox": [400, 100, 800, 450], "desc": "A black cat, asleep."}, {"type": "obj", "bbox": [400, 550, 800, 900], "desc": "A ginger cat, washing."}]}}

Rate: none of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptkit.geometry import BBox
from promptkit.lint.boxes import Placed, placed
from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView

_LAYER: Final = 0.9
"""Share of the picture from which a box says no more than "everywhere"."""


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    seen: dict[tuple[str | None, BBox], Placed] = {}
    for each in placed(caption.elements):
        first = seen.setdefault((each.element.type, each.box), each)
        if first is not each and each.box.area < _LAYER:
            message = f"the box is that of {first.element.label}; give each element its own place"
            yield Problem(each.node, message)


RULE = Rule(
    "C303", "identical-boxes", Severity.WARNING, __doc__, caption=_check, scope=Scope.ELEMENTS
)
