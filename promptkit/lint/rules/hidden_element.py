"""An object is listed before a larger one whose box covers it.

Elements are painted in the order of the list, back to front (official magic prompt, ``v1.txt``):
what comes later lies in front. A small thing listed before the large one that surrounds it may
vanish behind it.

Bad:

    {"high_level_description": "A parcel on a sofa.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "bbox": [450, 400, 600, 560], "desc": "A brown parcel."}, {"type": "obj", "bbox": [350, 100, 900, 900], "desc": "A green velvet sofa."}]}}

Good:

    {"high_level_description": "A parcel on a sofa.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "bbox": [350, 100, 900, 900], "desc": "A green velvet sofa."}, {"type": "obj", "bbox": [450, 400, 600, 560], "desc": "A brown parcel."}]}}

Rate: none of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptkit.lint.boxes import pairs
from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView

_LARGER: Final = 2
"""How many times as large the covering box is at least: boxes of like size frame one scene."""


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for below, above in pairs(caption.elements):
        covers = above.box.contains(below.box) and above.box.area >= _LARGER * below.box.area
        if covers and above.element.type == "obj":
            message = (
                f"{below.element.label} is listed before {above.element.label}, which covers it; "
                "list what lies in front last"
            )
            yield Problem(below.node, message)


RULE = Rule(
    "C313",
    "hidden-element",
    Severity.INFO,
    __doc__,
    caption=_check,
    scope=Scope.ELEMENTS,
    default=False,
)
