"""The description of an element has more than 60 words.

The official magic prompt asks for 30 to 60: who or what it is, its main attributes, one telling
detail. What is longer dilutes them and takes tokens from the other elements.

Bad:

    {"high_level_description": "A lighthouse keeper.", "compositional_deconstruction": {"background": "A spiral stair.", "elements": [{"type": "obj", "desc": "A lighthouse keeper of about seventy with a short white beard, a weathered face, grey eyes, a navy wool jumper with a darned elbow, a brass watch chain, corduroy trousers, heavy black boots that are wet from the stairs, a lantern in his left hand, a ring of seven keys in his right, a pencil behind one ear, a folded newspaper under one arm, and a small grey cat on his shoulder."}]}}

Good:

    {"high_level_description": "A lighthouse keeper.", "compositional_deconstruction": {"background": "A spiral stair.", "elements": [{"type": "obj", "desc": "A lighthouse keeper of about seventy with a short white beard, a navy wool jumper and heavy black boots, a lantern in his left hand and a small grey cat on his shoulder."}]}}

Rate: 24 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView
from promptkit.lint.words import count_words

_CAP: Final = 60


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for element in caption.elements:
        node, count = element.get("desc"), count_words(element.desc or "")
        if node and count > _CAP:
            yield Problem(node, f"{count} words; keep what marks this element, in {_CAP} at most")


RULE = Rule(
    "C603",
    "long-description",
    Severity.INFO,
    __doc__,
    caption=_check,
    scope=Scope.PART,
    default=False,
)
