"""A box ends before it begins.

The order is ``[y_min, x_min, y_max, x_max]``; a box whose first corner lies below or to the right
of the second covers nothing.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "bbox": [900, 300, 120, 520], "desc": "A wooden ladder."}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "bbox": [120, 300, 900, 520], "desc": "A wooden ladder."}]}}

Fix: exchanges the two sides; unsafe.

Rate: 0 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.boxform import figure
from promptkit.document import Document, Edit, Node
from promptkit.lint.boxfix import boxes
from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.mending import replace_value
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for node, (y_min, x_min, y_max, x_max) in boxes(caption):
        wrong: list[str] = []
        edits: list[Edit] = []
        if y_min > y_max:
            wrong.append(f"y_min {figure(y_min)} is below y_max {figure(y_max)}")
            edits += _exchange(caption.document, node, 0)
        if x_min > x_max:
            wrong.append(f"x_min {figure(x_min)} is right of x_max {figure(x_max)}")
            edits += _exchange(caption.document, node, 1)
        if wrong:
            message = f"{' and '.join(wrong)}; the order is [y_min, x_min, y_max, x_max]"
            fix = Fix("Exchange the sides", tuple(edits), Safety.UNSAFE)
            yield Problem(node, message, fix)


def _exchange(document: Document, node: Node, first: int) -> list[Edit]:
    one, other = node.items[first], node.items[first + 2]
    return [
        replace_value(one, document.text[other.start : other.end]),
        replace_value(other, document.text[one.start : one.end]),
    ]


RULE = Rule("C245", "inverted-box", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART)
