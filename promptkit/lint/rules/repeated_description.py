"""Two objects have the same description, and no boxes that keep them apart.

The model paints such a thing once, or twice in one place; mostly it is the trace of an element that
was copied and not rewritten. Equal things with a box each, as in a row of equal lanterns, are fine.

Bad:

    {"high_level_description": "Two chairs.", "compositional_deconstruction": {"background": "A white room.", "elements": [{"type": "obj", "desc": "A bentwood chair with a cane seat."}, {"type": "obj", "desc": "A bentwood chair with a cane seat."}]}}

Good:

    {"high_level_description": "Two chairs.", "compositional_deconstruction": {"background": "A white room.", "elements": [{"type": "obj", "bbox": [400, 100, 900, 400], "desc": "A bentwood chair with a cane seat."}, {"type": "obj", "bbox": [400, 600, 900, 900], "desc": "A bentwood chair with a cane seat."}]}}

Fix: removes the second one where the two are equal in everything; unsafe.

Rate: none of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from promptkit.lint.boxes import COMPARED
from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.twins import remove_twin
from promptkit.lint.view import CaptionView, ElementView
from promptkit.lint.words import normal


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    seen: dict[str, list[ElementView]] = {}
    for element in islice(caption.elements, COMPARED):
        wording = normal(element.desc or "")
        if element.type != "obj" or not wording:
            continue
        same = seen.setdefault(wording, [])
        first = next((each for each in same if not _apart(each, element)), None)
        same.append(element)
        if first:
            message = f"the description is that of element {first.index + 1}; tell the two apart"
            yield Problem(element.get("desc") or element.node, message, remove_twin(first, element))


def _apart(first: ElementView, second: ElementView) -> bool:
    # Equal boxes are the matter of identical-boxes.
    if first.bbox is None or second.bbox is None:
        return False
    return first.bbox == second.bbox or first.bbox.iou(second.bbox) < 0.5


RULE = Rule(
    "C614", "repeated-description", Severity.WARNING, __doc__, caption=_check, scope=Scope.ELEMENTS
)
