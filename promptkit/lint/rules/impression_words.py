"""A description names an impression ("stunning", "vibrant") and not what makes it.

The model paints what can be seen: a small highlight on the cheekbone, not a radiant complexion. The
official magic prompt bans such words in elements. In the style block they do their work.

Bad:

    {"high_level_description": "A market stall.", "compositional_deconstruction": {"background": "A lush courtyard.", "elements": [{"type": "obj", "desc": "A stunning display of vibrant peppers."}]}}

Good:

    {"high_level_description": "A market stall.", "compositional_deconstruction": {"background": "A courtyard overgrown with ivy.", "elements": [{"type": "obj", "desc": "Red, yellow and green peppers, stacked in pyramids."}]}}

Rate: 8 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.spans import Locator
from promptkit.lint.view import CaptionView
from promptkit.lint.words import find, phrases

_IMPRESSIONS: Final = phrases(
    """
    luminous, radiant, vibrant, lush, dynamic, gorgeous, stunning, breathtaking, mesmerizing
    mesmerising, beautiful, amazing, incredible, awe-inspiring, captivating, enchanting, epic
    masterpiece, award-winning, high quality, best quality, ultra detailed, highly detailed
    """
)


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for key, node, prose in caption.prose():
        span = Locator(caption.document, node)
        for hit in find(prose, _IMPRESSIONS) if key in ("desc", "background") else ():
            message = f"'{hit.phrase}' is an impression; describe what can be seen"
            yield Problem(span(hit.start, hit.end), message, node=node)


RULE = Rule(
    "C606",
    "impression-words",
    Severity.INFO,
    __doc__,
    caption=_check,
    scope=Scope.PART,
    default=False,
)
