"""The ``text`` of a text element is not a string.

The characters to draw stand in a string, figures too. The official verifier does not look, and what
a tool behind it draws for a number or a list is its own affair.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "text", "text": 24, "desc": "Brass house number beside the door."}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "text", "text": "24", "desc": "Brass house number beside the door."}]}}

Fix: puts quotes around a number, which is safe, or joins a list of strings line by line, which is
unsafe.

Rate: 0 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.document import Document, Kind, Node
from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.mending import replace_string
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.schema import kind_name
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for element in caption.texts:
        value = element.get("text")
        if value is not None and value.kind not in (Kind.STRING, Kind.NULL):
            message = f'"text" is {kind_name(value.kind)}; write the characters to draw as a string'
            yield Problem(value, message, _fix(caption.document, value))


def _fix(document: Document, value: Node) -> Fix | None:
    if value.kind is Kind.NUMBER:
        written = document.text[value.start : value.end]
        return Fix("Put quotes around it", (replace_string(value, written),))
    parts = [item.string() for item in value.items]
    if not parts or not all(parts):
        return None
    lines = "\n".join(part for part in parts if part)
    return Fix("Join the lines", (replace_string(value, lines),), Safety.UNSAFE)


RULE = Rule("C225", "text-not-a-string", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART)
