"""The background tells of people, furniture or vehicles.

It is the empty shell of the scene: walls, floor, sky, weather, a far and blurred crowd. What could
be placed by itself is an element (official magic prompt, ``v1.txt``); left in the background it
turns up anywhere, and often twice.

Bad:

    {"high_level_description": "A reading room.", "compositional_deconstruction": {"background": "A hall with tall windows, rows of desks and a man at the counter.", "elements": [{"type": "obj", "desc": "A globe on a stand."}]}}

Good:

    {"high_level_description": "A reading room.", "compositional_deconstruction": {"background": "A hall with tall windows and a stone floor.", "elements": [{"type": "obj", "desc": "A row of oak desks with green lamps."}, {"type": "obj", "desc": "A man in a grey suit at a counter."}]}}

Rate: 11 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.spans import Locator
from promptkit.lint.view import CaptionView
from promptkit.lint.words import find, holds, phrases

_PROPS: Final = phrases(
    """
    man, men, woman, women, boy, girl, child, children, people, person, pedestrians, customers
    students, workers, chair, chairs, desk, desks, sofa, sofas, couch, armchair, bench, benches
    stool, stools, bookcase, car, cars, truck, trucks, bus, buses, bicycle, bicycles, motorcycle
    dog, dogs, cat, cats, horse, horses
    """
)
_FAR: Final = phrases(
    "distant, blurred, blurry, faraway, far, silhouetted, silhouette, silhouettes, out of focus, no"
)
"""In the same clause these make a crowd or a car part of the shell."""


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    node = caption.composition.get("background") if caption.composition else None
    prose = caption.background or ""
    if node is None:
        return
    span = Locator(caption.document, node)
    for hit in find(prose, _PROPS):
        start = max(prose.rfind(stop, 0, hit.start) for stop in ".;,") + 1
        ends = [at for stop in ".;," if (at := prose.find(stop, hit.end)) >= 0]
        if holds(prose[start : min(ends, default=len(prose))], _FAR):
            continue
        message = f"'{hit.phrase}' can be placed by itself; make it an element"
        yield Problem(span(hit.start, hit.end), message, node=node)


RULE = Rule(
    "C608",
    "props-in-background",
    Severity.INFO,
    __doc__,
    caption=_check,
    scope=Scope.PART,
    default=False,
)
