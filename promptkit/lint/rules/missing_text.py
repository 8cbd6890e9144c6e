"""A text element does not say which characters to draw.

The characters stand verbatim under ``text``; the model has learnt to draw those, and a literal that
only appears inside ``desc`` is taken for a description. The official verifier reports it as a wrong
order of keys.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "text", "desc": "White painted capitals reading 'OPEN' above the door."}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "text", "text": "OPEN", "desc": "White painted capitals above the door."}]}}

Fix: copies the one literal that the description introduces or quotes ("reading 'OPEN'") into
``text``; unsafe.

Rate: 21 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.document.edit import json_string
from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.mending import insert_member
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView, ElementView
from promptkit.literal import literal_in


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for element in caption.texts:
        if element.get("text") is None:
            node = element.node
            message = 'the element does not say what to draw; write the characters under "text"'
            yield Problem((node.start, node.start + 1), message, _fix(caption, element), node)


def _fix(caption: CaptionView, element: ElementView) -> Fix | None:
    literal = literal_in(element.desc or "")
    if literal is None:
        return None
    names = [member.name for member in element.node.members]
    index = names.index("desc") if "desc" in names else len(names)
    edit = insert_member(caption.document, element.node, index, "text", json_string(literal))
    return Fix('Copy the literal out of "desc"', (edit,), Safety.UNSAFE)


RULE = Rule("C206", "missing-text", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART)
