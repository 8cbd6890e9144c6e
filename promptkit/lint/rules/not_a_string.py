"""A field of prose holds something other than a string.

The model reads these fields as sentences. The official verifier checks the background and the
high-level description alone, and lets numbers and lists pass in a style block or a ``desc``.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": ["wooden", "ladder"]}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Fix: joins a list of strings; unsafe.

Rate: 0 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.document import Kind, Node
from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.mending import replace_string
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.schema import kind_name, kind_of
from promptkit.lint.view import CaptionView

_OTHER_RULES = ("type", "text")


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for block in caption.blocks:
        for key, member in block.members.items():
            value = member.value
            if key in _OTHER_RULES or kind_of(key) is not Kind.STRING:
                continue
            if value.kind not in (Kind.STRING, Kind.NULL):
                message = f'"{key}" is {kind_name(value.kind)}; write it as a string'
                yield Problem(value, message, _fix(value))


def _fix(value: Node) -> Fix | None:
    parts = [item.string() for item in value.items]
    if not parts or not all(parts):
        return None
    joined = ", ".join(part for part in parts if part)
    return Fix("Join the strings", (replace_string(value, joined),), Safety.UNSAFE)


RULE = Rule("C224", "not-a-string", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART)
