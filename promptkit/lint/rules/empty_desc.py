"""The ``desc`` of an element is empty.

It is the only place that says what the element is, and the official verifier does not look into it.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": ""}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Rate: 0 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for element in caption.elements:
        node = element.get("desc")
        if node is not None and element.desc is not None and not element.desc.strip():
            yield Problem(node, '"desc" is empty; say what the element is and what it looks like')


RULE = Rule("C234", "empty-desc", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART)
