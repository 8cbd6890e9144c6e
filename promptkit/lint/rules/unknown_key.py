"""A key is not in the schema.

The model was trained on a closed set of keys; others lead it off its training, up to grey pictures.
The official verifier reports them too.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "id": 7, "desc": "A wooden ladder."}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Fix: drops the key and what it holds; unsafe.

Rate: 3 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.foreign import Foreign, Sort, foreign
from promptkit.lint.mending import remove_member
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.schema import KNOWN_KEYS, ROLE_NAMES, quoted
from promptkit.lint.spelling import MAX_MEMBERS, key_order, meant
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for each in foreign(caption, Sort.UNKNOWN):
        name = quoted(each.member.name)
        message = f"{name} is no key of the {ROLE_NAMES[each.role]}; {_advice(each)}"
        edits = (remove_member(each.owner, each.ordinal),)
        fix = Fix(f"Drop {name}", edits, Safety.UNSAFE)
        yield Problem(each.span, message, fix, each.member.value)


def _advice(each: Foreign) -> str:
    if len(each.owner.members) > MAX_MEMBERS:
        return "remove it"
    slip = meant(each.role, each.member.name)
    if slip is not None and each.owner.member(slip.key) is not None:
        return f'"{slip.key}" is there already, remove this one'
    order = key_order(each.role, each.owner) or sorted(KNOWN_KEYS[each.role])
    return f"remove it, or say it in one of {', '.join(order)}"


RULE = Rule("C214", "unknown-key", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART)
