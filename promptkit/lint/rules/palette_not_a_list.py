"""A ``color_palette`` is not a list.

A palette is a list of ``#RRGGBB`` strings: up to 16 for the picture, up to 5 for an element.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder.", "color_palette": "#8A4B2A, #D9C7A0"}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder.", "color_palette": ["#8A4B2A", "#D9C7A0"]}]}}

Fix: makes a list of the hex colours in a string; unsafe.

Rate: 0 of 150 collected captions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from promptkit.color import normalize_hex
from promptkit.document import Kind, Node
from promptkit.document.edit import json_string
from promptkit.lint.encoded import encoded
from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.mending import replace_value
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.schema import kind_name
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for _role, node in caption.palettes():
        if node.kind not in (Kind.ARRAY, Kind.NULL) and not encoded(node):
            message = f'the palette is {kind_name(node.kind)}; write a list, ["#RRGGBB", …]'
            yield Problem(node, message, _fix(node))


def _fix(node: Node) -> Fix | None:
    words = [word for word in re.split(r"[\s,;|]+", node.string() or "") if word]
    colors = [normalize_hex(word) for word in words]
    if not colors or len(colors) > 5 or not all(colors):
        return None
    listed = ", ".join(json_string(color) for color in colors if color)
    return Fix("Make it a list", (replace_value(node, f"[{listed}]"),), Safety.UNSAFE)


RULE = Rule("C501", "palette-not-a-list", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART)
