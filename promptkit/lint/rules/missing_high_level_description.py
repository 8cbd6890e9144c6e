"""The caption has no high-level description.

The verifier does without, but the official guide strongly recommends one or two sentences that say
what the whole picture is, and nearly every caption of the training format has them.

Bad:

    {"compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Rate: 11 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.document import Kind
from promptkit.lint.finding import Severity
from promptkit.lint.foreign import Sort, foreign
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.spelling import find
from promptkit.lint.view import CaptionView

_KEY = "high_level_description"


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    node = caption.node
    if node.kind is not Kind.OBJECT or find("root", node, _KEY) is not None:
        return
    if all(each.member.name != _KEY for each in foreign(caption, Sort.MISPLACED)):
        message = f'no "{_KEY}"; say in one or two sentences what the picture shows'
        yield Problem((node.start, node.start + 1), message, None, node)


RULE = Rule(
    "C207",
    "missing-high-level-description",
    Severity.WARNING,
    __doc__,
    caption=_check,
    scope=Scope.PART,
)
