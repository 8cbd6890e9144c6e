"""A side of a box is ``true`` or ``false``.

In Python the two count as 1 and 0, so the official verifier lets them pass; the model reads words
where it expects numbers.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "bbox": [false, 300, 900, 520], "desc": "A wooden ladder."}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "bbox": [120, 300, 900, 520], "desc": "A wooden ladder."}]}}

Rate: 0 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.document import Kind
from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for element in caption.elements:
        node = element.get("bbox")
        for item in node.items if node is not None else ():
            if item.kind is Kind.BOOLEAN:
                written = "true" if item.value else "false"
                yield Problem(item, f"{written} is no coordinate; write a number from 0 to 1000")


RULE = Rule("C242", "boolean-coordinate", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART)
