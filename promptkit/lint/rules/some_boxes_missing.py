"""Some elements have a box and others have none.

An element without a box goes wherever the model finds room, which may be on top of those that have
one. That is right for a crowd or for falling leaves, and an oversight for a subject or a headline.

Bad:

    {"high_level_description": "A chessboard in a park.", "compositional_deconstruction": {"background": "A lawn.", "elements": [{"type": "obj", "bbox": [500, 200, 800, 800], "desc": "A chessboard."}, {"type": "obj", "desc": "A steel thermos."}]}}

Good:

    {"high_level_description": "A chessboard in a park.", "compositional_deconstruction": {"background": "A lawn.", "elements": [{"type": "obj", "bbox": [500, 200, 800, 800], "desc": "A chessboard."}, {"type": "obj", "bbox": [250, 700, 560, 830], "desc": "A steel thermos."}]}}

Rate: none of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    without = [element for element in caption.elements if element.get("bbox") is None]
    boxed = len(caption.elements) - len(without)
    if not boxed:
        return
    for element in without:
        others = f"{boxed} of {len(caption.elements)} elements have one"
        yield Problem(element.node, f"{element.label} has no box while {others}; place it too")


RULE = Rule(
    "C309",
    "some-boxes-missing",
    Severity.INFO,
    __doc__,
    caption=_check,
    scope=Scope.ELEMENTS,
    default=False,
)
