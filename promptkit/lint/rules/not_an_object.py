"""A block or an element is not an object.

``style_description``, ``compositional_deconstruction`` and every element hold named parts. A string
in their place has none of them, and readers stop there.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": ["A wooden ladder."]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Fix: makes an element of a string, with the string as its description; unsafe.

Rate: 0 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.document import Document, Kind, Node
from promptkit.lint.encoded import encoded
from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.mending import colon_of, replace_value
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.schema import PARENT_KEYS, kind_name
from promptkit.lint.spelling import find
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for key in PARENT_KEYS.values():
        node = find("root", caption.node, key)
        if node is not None and node.kind not in (Kind.OBJECT, Kind.NULL) and not encoded(node):
            yield Problem(node, f'"{key}" is {kind_name(node.kind)}; write an object {{…}}')
    for node in caption.listed:
        if node.kind is not Kind.OBJECT and not encoded(node):
            message = f"an element is an object, this is {kind_name(node.kind)}"
            advice = 'write {"type": …, "desc": …}'
            yield Problem(node, f"{message}; {advice}", _fix(caption.document, node))


def _fix(document: Document, node: Node) -> Fix | None:
    if not (node.string() or "").strip():
        return None
    colon = colon_of(document, node)
    comma = ", " if colon.endswith(" ") else ","
    desc = document.text[node.start : node.end]
    element = f'{{"type"{colon}"obj"{comma}"desc"{colon}{desc}}}'
    return Fix("Make it the description", (replace_value(node, element),), Safety.UNSAFE)


RULE = Rule("C222", "not-an-object", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART)
