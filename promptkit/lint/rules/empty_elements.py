"""The list of elements is empty.

The model expects something in the scene, and empty lists are reported to trip its safety filter
into a grey picture. The official verifier lets them pass.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": []}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Rate: 6 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.document import Kind
from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.spelling import find
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    node = find("composition", caption.composition or caption.node, "elements")
    if node is not None and node.kind is Kind.ARRAY and not node.items:
        message = "the scene has no elements; list at least its main subject"
        yield Problem(node, message)


RULE = Rule(
    "C236", "empty-elements", Severity.WARNING, __doc__, caption=_check, scope=Scope.ELEMENTS
)
