"""A key of the schema stands in the wrong object.

Language models like to flatten a caption: ``background``, ``lighting`` or ``medium`` at the root
instead of inside their blocks. The model was trained on the nested form alone, and whoever reads
the block finds it empty.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Fix: moves the keys into the block where they belong, and makes the block if there is none; unsafe.

Rate: 26 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.keys import Role
from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.foreign import Foreign, Sort, due_role, foreign
from promptkit.lint.moving import gather
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.schema import PARENT_KEYS, quoted
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    groups: dict[tuple[int, Role], list[Foreign]] = {}
    for each in foreign(caption, Sort.MISPLACED):
        home = due_role(each.role, each.member.name)
        if home is not None:
            groups.setdefault((each.owner.start, home), []).append(each)
    for (_start, home), group in groups.items():
        where = f'"{PARENT_KEYS[home]}"' if home in PARENT_KEYS else "the root of the caption"
        edits = gather(caption, [each.member for each in group], group[0].owner, home)
        fix = Fix(f"Move what belongs to {where} there", edits, Safety.UNSAFE) if edits else None
        for each in group:
            advice = "move it there" if fix else "move it there, or remove it if it stands there"
            message = f"{quoted(each.member.name)} belongs to {where}; {advice}"
            yield Problem(each.span, message, fix, each.member.value)


RULE = Rule("C204", "misplaced-key", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART)
