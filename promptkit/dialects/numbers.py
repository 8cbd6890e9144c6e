"""Boxes in other writings than four numbers, and from other units to the grid."""

from __future__ import annotations

import re
from math import isfinite
from typing import Any, Final

from promptkit.boxform import Numbers, as_numbers
from promptkit.counted import many
from promptkit.dialects.draft import Draft, Object, place
from promptkit.geometry import GRID, Size

_CORNERS: Final = (
    ("y_min", "x_min", "y_max", "x_max"),
    ("ymin", "xmin", "ymax", "xmax"),
    ("yMin", "xMin", "yMax", "xMax"),
    ("y1", "x1", "y2", "x2"),
    ("y0", "x0", "y1", "x1"),
    ("top", "left", "bottom", "right"),
)
_EXTENTS: Final = (
    ("y", "x", "h", "w"),
    ("y", "x", "height", "width"),
    ("top", "left", "height", "width"),
)
_NUMBER = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)\s*(px|%)?\s*")


def corners(box: Object) -> Numbers | None:
    """The corners, y first, of a box whose sides have names; None where some are missing."""
    for names in _CORNERS:
        if all(name in box for name in names):
            return as_numbers([number(box[name]) for name in names])
    for names in _EXTENTS:
        if all(name in box for name in names):
            sides = as_numbers([number(box[name]) for name in names])
            return sides and from_extent(sides)
    return None


def from_extent(box: Numbers) -> Numbers:
    """Corners of a box that gives a corner and an extent in the same order of axes."""
    return Numbers(box.first, box.second, box.first + box.third, box.second + box.fourth)


def number(value: Any) -> float | int | None:
    """A number that may be written as a string; per cent become the grid's per mille."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value if isinstance(value, int) or isfinite(value) else None
    match = _NUMBER.fullmatch(value) if isinstance(value, str) and len(value) < 32 else None
    if match is None:
        return None
    read = float(match[1]) * (GRID / 100 if match[2] == "%" else 1)
    return int(read) if read.is_integer() else read


def grid_numbers(box: Numbers, size: Size) -> Numbers:
    """A box y first in pixels of ``size``, or in fractions of ``Size(1, 1)``, on the grid."""
    return Numbers(
        round(box.first * GRID / size.height),
        round(box.second * GRID / size.width),
        round(box.third * GRID / size.height),
        round(box.fourth * GRID / size.width),
    )


def fits(box: Numbers, size: Size) -> bool:
    """Whether a box, y first in pixels, lies within a picture of ``size``."""
    ys, xs = (box.first, box.third), (box.second, box.fourth)
    return all(0 <= y <= size.height for y in ys) and all(0 <= x <= size.width for x in xs)


def swap_axes(draft: Draft, why: str = "") -> None:
    """Turn every box whose order is not known from x first to y first."""
    turned = [index for index in draft.boxes() if index not in draft.y_first]
    for index in turned:
        draft.set_box(index, draft.boxes()[index].swapped())
        draft.y_first.add(index)
    if turned:
        draft.note(f"turned {many(len(turned), 'box')} from x first to y first{why}")


def scale_pixels(draft: Draft) -> None:
    """Bring boxes that stand y first in pixels to the grid."""
    boxes = draft.boxes()
    if draft.size is None:
        most = max((side for box in boxes.values() for side in box), default=0)
        draft.refuse(f"the boxes are in pixels, up to {most:g}; give the picture's size in pixels")
        return
    for index, box in boxes.items():
        if fits(box, draft.size):
            draft.set_box(index, grid_numbers(box, draft.size))
        else:
            draft.refuse(f"{place(index)}: its box does not lie within {draft.size} pixels")
    number = many(len(boxes), "box")
    draft.note(f"scaled {number} from pixels of {draft.size} to 0..1000")
