"""A text is listed twice, and nothing tells the two apart.

Every readable string is one element (official magic prompt, ``v1.txt``). Listed twice in one place
it is drawn twice, or drawn over itself. The same words in two places, or with two descriptions, are
fine: a logo may well be seen several times.

Bad:

    {"high_level_description": "A bus stop.", "compositional_deconstruction": {"background": "A wet street.", "elements": [{"type": "text", "text": "LINE 9", "desc": "Black digits on yellow."}, {"type": "text", "text": "LINE 9", "desc": "Black digits on yellow."}]}}

Good:

    {"high_level_description": "A bus stop.", "compositional_deconstruction": {"background": "A wet street.", "elements": [{"type": "text", "text": "LINE 9", "desc": "Black digits on the yellow sign."}, {"type": "text", "text": "LINE 9", "desc": "Orange dots on the front of the bus."}]}}

Fix: removes the second one where the two are equal in everything; unsafe.

Rate: none of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, islice

from promptkit.lint.boxes import COMPARED
from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.twins import remove_twin
from promptkit.lint.view import CaptionView, ElementView
from promptkit.lint.words import normal


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for first, second in combinations(islice(caption.texts, COMPARED), 2):
        if first.text and first.text == second.text and not _told_apart(first, second):
            message = f"the text {second.label} is listed already; list each text once"
            yield Problem(second.node, message, remove_twin(first, second))


def _told_apart(first: ElementView, second: ElementView) -> bool:
    if first.bbox and second.bbox:
        return first.bbox.iou(second.bbox) < 0.5
    return normal(first.desc or "") != normal(second.desc or "")


RULE = Rule(
    "C408", "duplicate-text", Severity.WARNING, __doc__, caption=_check, scope=Scope.ELEMENTS
)
