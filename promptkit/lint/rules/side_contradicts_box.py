"""The description puts the element on one side of the picture, and its box lies on the other.

The model is told two places at once and takes one of them, or paints the thing twice. Only wordings
that speak of the picture itself count ("on the left side of the frame", "in the lower right
foreground", "in the upper third"), and only a box that lies wholly in the opposite half
contradicts.

Bad:

    {"high_level_description": "A jazz trio on stage.", "compositional_deconstruction": {"background": "A red curtain.", "elements": [{"type": "obj", "bbox": [300, 620, 900, 950], "desc": "A bass player on the left side of the frame, eyes closed."}]}}

Good:

    {"high_level_description": "A jazz trio on stage.", "compositional_deconstruction": {"background": "A red curtain.", "elements": [{"type": "obj", "bbox": [300, 50, 900, 380], "desc": "A bass player on the left side of the frame, eyes closed."}]}}

Rate: none of 150 collected captions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from promptkit.geometry import GRID, BBox
from promptkit.lint.boxes import placed
from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.spans import Locator
from promptkit.lint.view import CaptionView
from promptkit.lint.words import holds, may_hold, phrases, unquoted

_MIDDLE: Final = GRID // 2
_SIDES: Final = {
    "left": "left", "right": "right",
    "top": "top", "upper": "top", "bottom": "bottom", "lower": "bottom",
}  # fmt: skip
_NAMED: Final = frozenset(_SIDES)
_WHOLE: Final = frozenset(
    {"frame", "image", "picture", "canvas", "composition", "photo", "ground", "third", "quadrant"}
)
"""One of them stands in whatever ``_place`` finds, and costs less to look for."""
_OPPOSITE: Final = {"left": "right", "right": "left", "top": "bottom", "bottom": "top"}

_RELATIVE: Final = phrases(
    """
    looking, looks, facing, gazing, watching, pointing, reaching, aimed, turned, leaning, leading
    toward, towards, to, from, opposite, mirroring, balancing, beside, near, behind, below, above
    under, next, with, holding
    """
)
"""Before a place in the same sentence they may tie it to something else than the element."""


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for each in placed(caption.elements):
        desc = each.element.get("desc")
        places = list(_places(each.element.desc or ""))
        sides = {side for side, _ in places}
        span = Locator(caption.document, desc or each.node)
        for side, match in places:
            if desc and _OPPOSITE[side] not in sides and _is_opposite(each.box, side):
                where = match.group("where").lower()
                message = (
                    f"the description says {where}, but the box lies wholly in the "
                    f"{_OPPOSITE[side]} half; correct one of the two"
                )
                yield Problem(span(*match.span()), message, node=desc)


def _places(desc: str) -> Iterator[tuple[str, re.Match[str]]]:
    if not (may_hold(desc, _NAMED) and may_hold(desc, _WHOLE)):
        return
    prose = unquoted(desc)
    for match in _place().finditer(prose):
        sentence = max(prose.rfind(stop, 0, match.start()) for stop in ".;:\n") + 1
        if holds(prose[sentence : match.start()], _RELATIVE):
            continue
        for word in re.split(r"[\s-]+", match.group("where").lower()):
            if word in _SIDES:
                yield _SIDES[word], match


def _is_opposite(box: BBox, side: str) -> bool:
    return {
        "left": box.x_min >= _MIDDLE,
        "right": box.x_max <= _MIDDLE,
        "top": box.y_min >= _MIDDLE,
        "bottom": box.y_max <= _MIDDLE,
    }[side]


@cache
def _place() -> re.Pattern[str]:
    side = "left|right|top|upper|bottom|lower"
    frame = "frame|image|picture|canvas|composition|photo|photograph"
    part = "side|edge|half|third|quarter|part|portion|corner|quadrant|area"
    return re.compile(
        r"\b(?:in|on|at|along|across|within|fill\w*|occup\w+|spann?\w*)\s+the\s+"
        rf"(?:(?:far|very|extreme|entire|whole)\s+)?(?P<where>(?:{side})(?:[\s-]+(?:{side}))?)[\s-]+"
        rf"(?:(?:(?:{part})\s+)?of\s+the\s+(?:{frame})\b|(?:fore|back|mid)ground\b"
        # A third or a quadrant is a part of the picture unless it is said of what.
        r"|(?:third|quadrant)\b(?!\s+of\b))",
        re.IGNORECASE,
    )


RULE = Rule(
    "C308", "side-contradicts-box", Severity.WARNING, __doc__, caption=_check, scope=Scope.PART
)
