"""A setting of the job stands in the caption.

Size, seed, steps and the like are no words for the model: the schema has no key for them, and the
caption is read whole. Pass them when the caption is rendered.

Bad:

    {"seed": 42, "high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Fix: removes the key; unsafe, because the setting has to be passed elsewhere from then on.

Rate: 9 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.foreign import JOB_OPTIONS, Sort, foreign
from promptkit.lint.mending import remove_member
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.schema import quoted
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for each in foreign(caption, Sort.JOB):
        option = JOB_OPTIONS[each.member.name]
        instead = f"pass it as {option}" if option else "leave it to the generator"
        name = quoted(each.member.name)
        message = f"{name} belongs to the job, not to the caption; remove it and {instead}"
        edits = (remove_member(each.owner, each.ordinal),)
        fix = Fix(f"Remove it, and {instead}", edits, Safety.UNSAFE)
        yield Problem(each.span, message, fix, each.member.value)


RULE = Rule("C211", "job-key", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART)
