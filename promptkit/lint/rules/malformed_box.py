"""A ``bbox`` is not a list of four numbers.

A box is ``[y_min, x_min, y_max, x_max]`` on a grid of 0 to 1000, and nothing else can be placed.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "bbox": [120, 300, 900], "desc": "A wooden ladder."}]}}

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "bbox": "120, 300, 900, 520", "desc": "A wooden ladder."}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "bbox": [120, 300, 900, 520], "desc": "A wooden ladder."}]}}

Fix: takes the quotes off numbers, which is safe, or takes four numbers out of a string, nested
lists or an object with the names of the four sides, which is unsafe.

Rate: 0 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.document import Kind
from promptkit.lint.boxfix import rewritten
from promptkit.lint.encoded import encoded
from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.schema import kind_name
from promptkit.lint.view import CaptionView

_ADVICE = "write [y_min, x_min, y_max, x_max], four whole numbers from 0 to 1000"


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for element in caption.elements:
        node = element.get("bbox")
        if node is None or node.kind is Kind.NULL or encoded(node):
            continue
        if node.kind is not Kind.ARRAY:
            yield Problem(node, f"the box is {kind_name(node.kind)}; {_ADVICE}", rewritten(node))
        elif len(node.items) != 4:
            count = len(node.items)
            message = f"the box is a list of {count} instead of 4; {_ADVICE}"
            yield Problem(node, message, rewritten(node))
        else:
            odd = [item for item in node.items if item.kind not in (Kind.NUMBER, Kind.BOOLEAN)]
            if odd:
                message = f"a side of the box is {kind_name(odd[0].kind)}; {_ADVICE}"
                yield Problem(node, message, rewritten(node))


RULE = Rule("C241", "malformed-box", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART)
