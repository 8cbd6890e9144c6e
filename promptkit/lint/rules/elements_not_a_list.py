"""``elements`` is not a list.

Its order is the order of painting, back to front, which nothing but a list can say; the official
verifier stops at the same place.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall.", "elements": {"type": "obj", "desc": "A wooden ladder."}}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Fix: puts brackets around a lone element; unsafe.

Rate: 0 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.document import Edit, Kind, Node
from promptkit.lint.encoded import encoded
from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.schema import kind_name
from promptkit.lint.spelling import find
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    node = find("composition", caption.composition or caption.node, "elements")
    if node is not None and node.kind not in (Kind.ARRAY, Kind.NULL) and not encoded(node):
        message = f'"elements" is {kind_name(node.kind)}; write a list of elements, […]'
        yield Problem(node, message, _fix(node))


def _fix(node: Node) -> Fix | None:
    if node.get("desc") is None:
        return None
    edits = (Edit(node.start, node.start, "["), Edit(node.end, node.end, "]"))
    return Fix("Put brackets around the element", edits, Safety.UNSAFE)


RULE = Rule(
    "C223", "elements-not-a-list", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART
)
