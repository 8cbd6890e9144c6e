"""The box of a round or square thing is neither at the picture's shape.

The grid runs 0..1000 along both sides, so equal numbers make a square on a square picture alone. On
a picture W wide and H high, a box is square where ``(x_max - x_min) * W == (y_max - y_min) * H``.
Only descriptions that begin with a round or square thing are judged, and only where the picture's
size is known.

Bad (--size 1536x768):

    {"high_level_description": "A clock on a wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "bbox": [200, 200, 700, 700], "desc": "A round wall clock with a black rim."}]}}

Good (--size 1536x768):

    {"high_level_description": "A clock on a wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "bbox": [200, 325, 700, 575], "desc": "A round wall clock with a black rim."}]}}

Fix: narrows the box to a square about its middle; unsafe.

Rate: cannot be measured; the collected captions do not say the size of their pictures.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptkit.document import Edit
from promptkit.geometry import BBox, Size, box_problem
from promptkit.lint.boxes import Placed, placed
from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView
from promptkit.lint.words import find, phrases

_SHAPES: Final = phrases("round, circular, square, spherical, sphere, ball, circle, globe, disc")
_LEAD: Final = 5
"""The shape of the thing itself stands among the first words of its description."""
_FARTHEST: Final = 1.25
"""Seen aslant, a round thing is not quite as wide as it is tall."""


def _check(caption: CaptionView, options: Options) -> Iterator[Problem]:
    if options.size is None:
        return
    for each in placed(caption.elements):
        lead = " ".join((each.element.desc or "").split()[:_LEAD])
        shape = next(find(lead, _SHAPES), None)
        if shape and each.element.type == "obj" and _stretch(each.box, options.size) > _FARTHEST:
            aspect = f"{each.box.aspect(options.size):.2f} times as wide as tall at {options.size}"
            message = (
                f"the box is {aspect}, the description says {shape.phrase.lower()}; "
                "make it a square of pixels"
            )
            yield Problem(each.node, message, _fix(each, options.size))


def _fix(each: Placed, size: Size) -> Fix | None:
    square = _square(each.box, size)
    # The grid is too coarse to hold some very small squares.
    if box_problem(*square) or _stretch(square, size) > _FARTHEST:
        return None
    sides = zip(each.node.items, square, strict=True)
    edits = tuple(Edit(item.start, item.end, str(side)) for item, side in sides)
    return Fix("Narrow the box to a square", edits, Safety.UNSAFE)


def _stretch(box: BBox, size: Size) -> float:
    aspect = box.aspect(size)
    return max(aspect, 1 / aspect)


def _square(box: BBox, size: Size) -> BBox:
    x, y = box.center
    side = min(box.width * size.width, box.height * size.height) / 2
    half_width, half_height = side / size.width, side / size.height
    return BBox(
        round(y - half_height), round(x - half_width), round(y + half_height), round(x + half_width)
    )


RULE = Rule(
    "C312",
    "stretched-shape",
    Severity.INFO,
    __doc__,
    caption=_check,
    scope=Scope.PART,
    default=False,
)
