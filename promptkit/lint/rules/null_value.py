"""A key of the schema holds null.

A caption leaves out what it does not say. The official verifier lets ``"desc": null`` pass, and the
model reads the word "null".

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "bbox": null, "desc": "A wooden ladder."}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Fix: removes a key that may be missing; safe.

Rate: 0 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.document import Kind, Node
from promptkit.keys import Role
from promptkit.lint.finding import Fix, Severity
from promptkit.lint.mending import remove_members
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.schema import BRANCH_KEYS, REQUIRED_KEYS
from promptkit.lint.spelling import branches, element_type
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for role, node, members in caption.blocks:
        for key, member in members.items():
            foreign_text = key == "text" and element_type(node) == "obj"
            if member.value.kind is not Kind.NULL or foreign_text:
                continue
            if _is_optional(role, node, key):
                edits = tuple(remove_members(node, [member]))
                message = f'"{key}" is null; leave the key out'
                yield Problem(member.value, message, Fix("Remove the key", edits))
            else:
                yield Problem(member.value, f'"{key}" is null; write what belongs there')


def _is_optional(role: Role, node: Node, key: str) -> bool:
    if key in BRANCH_KEYS:
        return bool(branches(node))
    return key != "text" and key not in REQUIRED_KEYS[role]


RULE = Rule("C226", "null-value", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART)
