"""A description repeats the characters of a text element.

Each string is to stand once, in its ``text``; named again in a description it may be drawn again.
The official magic prompt refers to it by its role or its place instead.

Bad:

    {"high_level_description": "A shop front.", "compositional_deconstruction": {"background": "A brick wall.", "elements": [{"type": "obj", "desc": "A wooden sign that reads Bakery."}, {"type": "text", "text": "Bakery", "desc": "Gold script."}]}}

Good:

    {"high_level_description": "A shop front.", "compositional_deconstruction": {"background": "A brick wall.", "elements": [{"type": "obj", "desc": "A wooden sign above the door."}, {"type": "text", "text": "Bakery", "desc": "Gold script on the sign."}]}}

Rate: 17 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from promptkit.lint.boxes import COMPARED
from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.spans import inside
from promptkit.lint.view import CaptionView

_SHORTEST: Final = 3
"""A digit or two letters turn up in prose by chance."""


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    literals = {element.text.strip() for element in islice(caption.texts, COMPARED) if element.text}
    literals = {literal for literal in literals if len(literal) >= _SHORTEST}
    for element in islice(caption.elements, COMPARED):
        node, desc = element.get("desc"), element.desc or ""
        for literal in sorted(literals):
            start = desc.find(literal)
            end = start + len(literal)
            if node is None or start < 0 or _is_part_of_word(desc, start, end):
                continue
            message = "the description repeats a text; name it by its role or place instead"
            yield Problem(inside(caption.document, node, start, end), message, node=node)


def _is_part_of_word(text: str, start: int, end: int) -> bool:
    return text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()


RULE = Rule(
    "C409",
    "text-in-description",
    Severity.INFO,
    __doc__,
    caption=_check,
    scope=Scope.ELEMENTS,
    default=False,
)
