"""An ``obj`` element has a ``text`` key.

Only ``text`` elements have characters that are drawn verbatim. An ``obj`` with a ``text`` is in no
training caption, and the official verifier reports it as a key that is not allowed there.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "text": "OPEN", "desc": "A painted tin sign above the door."}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "text", "text": "OPEN", "desc": "White capitals on a tin sign above the door."}]}}

Fix: makes it a ``text`` element, or its ``desc`` where that is missing, which is unsafe; or drops
an empty ``text``, which is safe.

Rate: 1 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.document import Kind, Member
from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.mending import remove_members, rename_key, replace_string
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView, ElementView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for element in caption.elements:
        member = element.node.member("text")
        if element.type == "obj" and member is not None:
            message = (
                'an "obj" element has no "text"; give the lettering an element of its own, '
                'of the type "text"'
            )
            place = (member.start, member.end)
            yield Problem(place, message, _fix(element, member), element.node)


def _fix(element: ElementView, member: Member) -> Fix | None:
    if member.value.kind is Kind.NULL or member.value.value == "":
        return Fix("Drop the empty text", tuple(remove_members(element.node, [member])))
    kind = element.get("type")
    if kind is None or not element.text:
        return None
    if element.get("desc") is None:
        return Fix('Rename it to "desc"', (rename_key(member, "desc"),), Safety.UNSAFE)
    return Fix("Make it a text element", (replace_string(kind, "text"),), Safety.UNSAFE)


RULE = Rule("C232", "text-on-obj", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART)
