"""Moving boxes about: pure functions of boxes on the 0..1000 grid."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from promptkit.geometry import GRID, BBox, Size

SMALLEST: Final = 10
"""Grid steps of the shortest side that resizing leaves."""


class Align(StrEnum):
    """What boxes are lined up by."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    TOP = "top"
    MIDDLE = "middle"
    BOTTOM = "bottom"


class Axis(StrEnum):
    """Along the width, or along the height."""

    ACROSS = "across"
    DOWN = "down"


Boxes = Mapping[int, BBox]
"""Boxes by the place of their element."""


def moved(boxes: Boxes, dx: int, dy: int) -> dict[int, BBox]:
    """All boxes moved together, as far as the picture's edges let the whole group go."""
    if not boxes:
        return {}
    around = hull(boxes)
    dx = min(max(dx, -around.x_min), GRID - around.x_max)
    dy = min(max(dy, -around.y_min), GRID - around.y_max)
    return {
        place: BBox(box.y_min + dy, box.x_min + dx, box.y_max + dy, box.x_max + dx)
        for place, box in boxes.items()
    }


def resized(box: BBox, *, left: int = 0, top: int = 0, right: int = 0, bottom: int = 0) -> BBox:
    """Edges moved by so many steps; the box keeps an area and stays in the picture."""
    x_min = min(max(box.x_min + left, 0), max(box.x_max - SMALLEST, 0))
    y_min = min(max(box.y_min + top, 0), max(box.y_max - SMALLEST, 0))
    x_max = max(min(box.x_max + right, GRID), min(x_min + SMALLEST, GRID))
    y_max = max(min(box.y_max + bottom, GRID), min(y_min + SMALLEST, GRID))
    return BBox(y_min, x_min, y_max, x_max)


def spanned(first: tuple[int, int], second: tuple[int, int]) -> BBox:
    """The box between two (x, y) points, widened to the smallest side where they are too near."""
    (x0, y0), (x1, y1) = first, second
    x_min, x_max = _widened(min(x0, x1), max(x0, x1))
    y_min, y_max = _widened(min(y0, y1), max(y0, y1))
    return BBox(y_min, x_min, y_max, x_max)


def snapped(box: BBox, step: int) -> BBox:
    """Every edge on the nearest multiple of ``step``."""

    def near(side: int) -> int:
        return min(round(side / step) * step, GRID)

    y_min, x_min = near(box.y_min), near(box.x_min)
    y_max = max(near(box.y_max), min(y_min + step, GRID))
    x_max = max(near(box.x_max), min(x_min + step, GRID))
    return BBox(min(y_min, y_max - 1), min(x_min, x_max - 1), y_max, x_max)


def hull(boxes: Boxes) -> BBox:
    """The smallest box around all."""
    every = boxes.values()
    return BBox(
        min(box.y_min for box in every),
        min(box.x_min for box in every),
        max(box.y_max for box in every),
        max(box.x_max for box in every),
    )


def aligned(boxes: Boxes, how: Align, within: BBox) -> dict[int, BBox]:
    """Boxes lined up with an edge or the middle of ``within``."""
    return {place: _ALIGNMENTS[how](box, within) for place, box in boxes.items()}


def distributed(boxes: Boxes, axis: Axis) -> dict[int, BBox]:
    """Equal gaps between neighbours; the outermost boxes stay where they are."""
    if len(boxes) < 3:
        return dict(boxes)
    low, high = (1, 3) if axis is Axis.ACROSS else (0, 2)
    order = sorted(boxes, key=lambda place: boxes[place][low] + boxes[place][high])
    spans = [boxes[place][high] - boxes[place][low] for place in order]
    start = boxes[order[0]][low]
    room = boxes[order[-1]][high] - start - sum(spans)
    gap = room / (len(order) - 1)
    result, position = {}, float(start)
    for place, span in zip(order, spans, strict=True):
        shift = min(max(round(position), 0), GRID - span) - boxes[place][low]
        dx, dy = (shift, 0) if axis is Axis.ACROSS else (0, shift)
        result[place] = _shifted(boxes[place], dx, dy)
        position += span + gap
    return result


def refitted(box: BBox, old: Size, new: Size) -> BBox:
    """The box with its shape in pixels kept on a picture of another shape, about its middle."""
    stretch = (old.width / old.height) / (new.width / new.height)
    width, height = box.width * stretch, float(box.height)
    if width > GRID:
        width, height = GRID, height * GRID / width
    x, y = box.center
    half_x, half_y = max(round(width), 1) / 2, max(round(height), 1) / 2
    x = min(max(x, half_x), GRID - half_x)
    y = min(max(y, half_y), GRID - half_y)
    x_min, y_min = round(x - half_x), round(y - half_y)
    return BBox(y_min, x_min, y_min + round(2 * half_y), x_min + round(2 * half_x))


def _widened(low: int, high: int) -> tuple[int, int]:
    low, high = max(low, 0), min(high, GRID)
    if high - low >= SMALLEST:
        return low, high
    low = min(low, GRID - SMALLEST)
    return low, low + SMALLEST


def _shifted(box: BBox, dx: int, dy: int) -> BBox:
    return BBox(box.y_min + dy, box.x_min + dx, box.y_max + dy, box.x_max + dx)


def _centred(low: int, high: int, span: int) -> int:
    return (low + high - span) // 2


_ALIGNMENTS: Final[dict[Align, Callable[[BBox, BBox], BBox]]] = {
    Align.LEFT: lambda box, of: _shifted(box, of.x_min - box.x_min, 0),
    Align.RIGHT: lambda box, of: _shifted(box, of.x_max - box.x_max, 0),
    Align.CENTER: lambda box, of: _shifted(
        box, _centred(of.x_min, of.x_max, box.width) - box.x_min, 0
    ),
    Align.TOP: lambda box, of: _shifted(box, 0, of.y_min - box.y_min),
    Align.BOTTOM: lambda box, of: _shifted(box, 0, of.y_max - box.y_max),
    Align.MIDDLE: lambda box, of: _shifted(
        box, 0, _centred(of.y_min, of.y_max, box.height) - box.y_min
    ),
}
