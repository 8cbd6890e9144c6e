"""A free text prompt stands beside the caption.

A run takes one prompt, so one of the two is ignored, and which one depends on the tool. What the
free text says beyond the caption is lost without a word.

Bad:

    {"prompt": "a ladder, moody, 8k", "high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Fix: drops the free text; unsafe.

Rate: 0 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.document import Kind
from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.foreign import FREE_TEXT, Sort, foreign
from promptkit.lint.mending import remove_member
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView

_ADVICE = "a job takes one prompt; move what it adds into the caption and remove it"


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for each in foreign(caption, Sort.FREE_TEXT):
        message = f'the free text "{each.member.name}" stands in the caption, but {_ADVICE}'
        edits = (remove_member(each.owner, each.ordinal),)
        fix = Fix(f'Drop "{each.member.name}"', edits, Safety.UNSAFE)
        yield Problem(each.span, message, fix, each.member.value)
    around = caption.node.parent
    for member in around.members if around is not None else ():
        if member.name in FREE_TEXT and member.value.kind is Kind.STRING and member.value.value:
            message = f'the free text "{member.name}" stands beside the caption, but {_ADVICE}'
            yield Problem((member.start, member.end), message, None, member.value)


RULE = Rule(
    "C213", "conflicting-inputs", Severity.WARNING, __doc__, caption=_check, scope=Scope.PART
)
