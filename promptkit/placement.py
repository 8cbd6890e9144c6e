"""Layouts: boxes inside a box, in rows, columns and grids, at anchors, and of a true shape.

Margins and gaps are thousandths of the picture's shorter side, so that on a picture of any
``size`` they are as wide as they are high. Without a ``size`` the picture is taken to be square,
and a thousandth is one step of the grid.

All functions raise ValueError where the boxes asked for have no room.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Final, Literal, get_args

from promptkit.geometry import GRID, BBox, Size, box

FULL: Final = BBox(0, 0, GRID, GRID)
"""The whole picture."""
SQUARE: Final = Size(GRID, GRID)

Anchor = Literal[
    "top left", "top", "top right",
    "left", "center", "right",
    "bottom left", "bottom", "bottom right",
]  # fmt: skip
"""Where a box sits in another."""


def inset(
    within: BBox = FULL, margin: float | tuple[float, float] = 50, *, size: Size = SQUARE
) -> BBox:
    """The box that is left inside a margin; a pair gives the vertical and the horizontal one."""
    vertical, horizontal = margin if isinstance(margin, tuple) else (margin, margin)
    dy, dx = _steps(vertical, size.height, size), _steps(horizontal, size.width, size)
    top, left = round(within.y_min + dy), round(within.x_min + dx)
    bottom, right = round(within.y_max - dy), round(within.x_max - dx)
    if left >= right or top >= bottom:
        raise ValueError(f"a margin of {margin} leaves nothing of {list(within)}")
    return box(top, left, bottom, right)


def row(
    parts: int | Sequence[float], *, gap: float = 0, within: BBox = FULL, size: Size = SQUARE
) -> list[BBox]:
    """Boxes side by side, left to right: so many equal ones, or one for each weight."""
    spans = _split(within.x_min, within.x_max, parts, _steps(gap, size.width, size))
    return [BBox(within.y_min, start, within.y_max, end) for start, end in spans]


def column(
    parts: int | Sequence[float], *, gap: float = 0, within: BBox = FULL, size: Size = SQUARE
) -> list[BBox]:
    """Boxes one below the other, top to bottom: so many equal ones, or one for each weight."""
    spans = _split(within.y_min, within.y_max, parts, _steps(gap, size.height, size))
    return [BBox(start, within.x_min, end, within.x_max) for start, end in spans]


def grid(
    rows: int | Sequence[float],
    columns: int | Sequence[float],
    *,
    gap: float = 0,
    within: BBox = FULL,
    size: Size = SQUARE,
) -> list[BBox]:
    """The cells of a table, row by row, each row left to right."""
    return [
        cell
        for line in column(rows, gap=gap, within=within, size=size)
        for cell in row(columns, gap=gap, within=line, size=size)
    ]


def anchor(
    where: Anchor,
    width: float,
    height: float,
    *,
    margin: float = 0,
    within: BBox = FULL,
    size: Size = SQUARE,
) -> BBox:
    """A box of ``width`` x ``height`` grid steps at one of nine places inside ``within``."""
    room = inset(within, margin, size=size) if margin else within
    if not (0 < round(width) <= room.width and 0 < round(height) <= room.height):
        raise ValueError(
            f"a box {width:g} wide and {height:g} high does not fit into {list(room)}, "
            f"{room.width} wide and {room.height} high"
        )
    across, down = _shares(where)
    left = room.x_min + round((room.width - round(width)) * across)
    top = room.y_min + round((room.height - round(height)) * down)
    return box(top, left, top + round(height), left + round(width))


def fit(
    aspect: float, *, within: BBox = FULL, where: Anchor = "center", size: Size = SQUARE
) -> BBox:
    """The largest box inside ``within`` whose width over height **in pixels** is ``aspect``.

    On the grid that is ``dx / dy == aspect * size.height / size.width``.
    """
    if aspect <= 0:
        raise ValueError(f"an aspect of {aspect:g} is no shape; it is width over height")
    slope = aspect * size.height / size.width
    width = min(within.width, within.height * slope)
    height = min(within.height, within.width / slope)
    return anchor(where, max(width, 1), max(height, 1), within=within, size=size)


def square(*, within: BBox = FULL, where: Anchor = "center", size: Size = SQUARE) -> BBox:
    """The largest box inside ``within`` that is a square in pixels."""
    return fit(1, within=within, where=where, size=size)


def _steps(thousandths: float, side: int, size: Size) -> float:
    """Grid steps along ``side`` of a length in thousandths of the shorter side."""
    if thousandths < 0:
        raise ValueError(f"a margin or gap of {thousandths:g} is negative")
    return thousandths * min(size) / side


def _split(start: int, end: int, parts: int | Sequence[float], gap: float) -> list[tuple[int, int]]:
    weights = [1.0] * parts if isinstance(parts, int) else [float(part) for part in parts]
    if not weights or min(weights) <= 0:
        raise ValueError(f"parts are a count or weights above 0, not {parts!r}")
    room = end - start - gap * (len(weights) - 1)
    unit = room / sum(weights)
    # Edges are rounded from the whole, so that rounding errors never add up along the line.
    ends = list(accumulate(weight * unit + gap for weight in weights))
    starts = [0.0, *ends[:-1]]
    spans = [
        (start + round(first), start + round(last - gap))
        for first, last in zip(starts, ends, strict=True)
    ]
    if any(first >= last for first, last in spans):
        raise ValueError(f"{len(weights)} parts with gaps of {gap:g} find no room in {end - start}")
    return spans


def _shares(where: Anchor) -> tuple[float, float]:
    """How far to the right and how far down, 0 to 1, an anchor is."""
    places = get_args(Anchor)
    if where not in places:
        raise ValueError(f"anchor {where!r} is none of {', '.join(places)}")
    down, across = divmod(places.index(where), 3)
    return across / 2, down / 2
