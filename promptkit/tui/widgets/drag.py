"""A mouse button that is held down on the canvas: what it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from promptkit.geometry import BBox
from promptkit.session import Session
from promptkit.session.boxes import boxes, chosen
from promptkit.tui.widgets.raster import Area


@dataclass(frozen=True, slots=True)
class Drag:
    """Points are (x, y) on the 0..1000 grid."""

    start: tuple[int, int]
    now: tuple[int, int]
    boxes: Mapping[int, BBox] = field(default_factory=dict)
    """What is dragged, as it was when it was taken; nothing where a box is being drawn."""
    corner: tuple[bool, bool] | None = None
    """Which corner was taken: whether a lower one, whether a right one."""
    is_drawing: bool = False
    moved: bool = False


def begin(session: Session, area: Area, column: float, row: float, *, more: bool) -> Drag:
    """Take what lies under the mouse and select it: a corner, a box, or the ground to draw on.

    ``more`` adds to the selection instead of replacing it.
    """
    point = area.grid(column, row)
    every = boxes(session)
    main = session.marks.element
    if main in every and main not in session.marks.locked and main is not None:
        corner = _corner(area, every[main], column, row)
        if corner is not None:
            return Drag(point, point, {main: every[main]}, corner)
    hit = _hit(every, point)
    if hit is None:
        return Drag(point, point, is_drawing=True)
    if more:
        session.marks = session.marks.toggled(hit)
    elif hit not in session.marks.elements:
        session.select(hit)
    return Drag(point, point, chosen(session))


def _hit(every: Mapping[int, BBox], point: tuple[int, int]) -> int | None:
    """The box under the point; of several the smallest, so that none is out of reach."""
    x, y = point
    under = [
        place
        for place, box in every.items()
        if box.x_min <= x <= box.x_max and box.y_min <= y <= box.y_max
    ]
    return min(under, key=lambda place: (every[place].area, -place), default=None)


def _corner(area: Area, box: BBox, column: float, row: float) -> tuple[bool, bool] | None:
    left, top, right, bottom = area.cells(box)
    column, row = int(column) - area.left, int(row) - area.top
    for is_lower, corner_row in ((False, top), (True, bottom - 1)):
        for is_right, corner_column in ((False, left), (True, right - 1)):
            if abs(column - corner_column) <= 1 and row == corner_row:
                return is_lower, is_right
    return None
