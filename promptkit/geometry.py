"""Boxes on the model's 0..1000 grid, and the ways people think of them.

The grid is normalised per axis: x runs 0..1000 over the width and y over the height, whatever the
picture's shape. So a box that is square in pixels on a W x H canvas has ``dx / dy == H / W``.
"""

from __future__ import annotations

from typing import Final, NamedTuple

GRID: Final = 1000
"""The coordinate of the right and bottom edge."""


class Size(NamedTuple):
    """A picture's size in pixels."""

    width: int
    height: int

    @classmethod
    def parse(cls, text: str) -> Size:
        """Read ``1024x768``.

        Raises:
            ValueError: if the text has another form or a side is not positive.
        """
        width, cross, height = text.lower().replace("×", "x").partition("x")
        if not cross or not (width.strip().isdecimal() and height.strip().isdecimal()):
            raise ValueError(f"size {text!r} is not of the form WIDTHxHEIGHT, e.g. 1024x768")
        size = cls(int(width), int(height))
        if min(size) < 1:
            raise ValueError(f"size {text!r} has a side of 0 pixels")
        return size

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


class BBox(NamedTuple):
    """A box in the model's order, y first: integers 0..1000, origin at the top left."""

    y_min: int
    x_min: int
    y_max: int
    x_max: int

    @property
    def width(self) -> int:
        return self.x_max - self.x_min

    @property
    def height(self) -> int:
        return self.y_max - self.y_min

    @property
    def area(self) -> float:
        """Share of the picture, 0..1."""
        return self.width * self.height / GRID**2

    @property
    def center(self) -> tuple[float, float]:
        """(x, y) of the middle, on the grid."""
        return (self.x_min + self.x_max) / 2, (self.y_min + self.y_max) / 2

    def aspect(self, size: Size) -> float:
        """Width over height in pixels on a picture of ``size``."""
        return (self.width * size.width) / (self.height * size.height)

    def pixels(self, size: Size) -> tuple[int, int, int, int]:
        """``(left, top, right, bottom)`` in pixels on a picture of ``size``."""
        return (
            round(self.x_min * size.width / GRID),
            round(self.y_min * size.height / GRID),
            round(self.x_max * size.width / GRID),
            round(self.y_max * size.height / GRID),
        )

    def intersection(self, other: BBox) -> float:
        """Shared area as a share of the picture, 0..1."""
        width = min(self.x_max, other.x_max) - max(self.x_min, other.x_min)
        height = min(self.y_max, other.y_max) - max(self.y_min, other.y_min)
        return max(width, 0) * max(height, 0) / GRID**2

    def iou(self, other: BBox) -> float:
        """Intersection over union, 0..1."""
        shared = self.intersection(other)
        union = self.area + other.area - shared
        return shared / union if union else 0.0

    def contains(self, other: BBox) -> bool:
        """Whether ``other`` lies within this box, edges included."""
        return (
            self.y_min <= other.y_min
            and self.x_min <= other.x_min
            and other.y_max <= self.y_max
            and other.x_max <= self.x_max
        )


def box_problem(y_min: int, x_min: int, y_max: int, x_max: int) -> str | None:
    """What is wrong with four box coordinates, or None if they form a box with an area."""
    if not all(0 <= side <= GRID for side in (y_min, x_min, y_max, x_max)):
        return f"[{y_min}, {x_min}, {y_max}, {x_max}] leaves the 0..{GRID} grid"
    if y_min >= y_max:
        return f"y_min {y_min} is not above y_max {y_max}"
    if x_min >= x_max:
        return f"x_min {x_min} is not left of x_max {x_max}"
    return None


def box(y_min: int, x_min: int, y_max: int, x_max: int) -> BBox:
    """A checked box in the model's order.

    Raises:
        ValueError: if a side is outside 0..1000 or the box has no area.
    """
    problem = box_problem(y_min, x_min, y_max, x_max)
    if problem is not None:
        raise ValueError(f"box {problem}; the order is y_min, x_min, y_max, x_max")
    return BBox(y_min, x_min, y_max, x_max)


def xyxy(
    left: float, top: float, right: float, bottom: float, *, of: tuple[float, float] = (1, 1)
) -> BBox:
    """A box from its left, top, right and bottom edges, x first.

    ``of`` is what the numbers are measured against, (width, height): ``Size(1536, 640)`` for
    pixels, ``(100, 100)`` for per cent, and as it stands fractions of the picture.

    >>> xyxy(154, 64, 768, 320, of=Size(1536, 640))
    BBox(y_min=100, x_min=100, y_max=500, x_max=500)

    Raises:
        ValueError: if an edge lies outside the picture, or nothing is left after rounding to the
            grid.
    """
    width, height = of
    if width <= 0 or height <= 0:
        raise ValueError(f"a picture of {width:g} x {height:g} has no room for a box")
    for name, edge, side in (
        ("left", left, width),
        ("top", top, height),
        ("right", right, width),
        ("bottom", bottom, height),
    ):
        # Sums of fractions such as 0.7 + 0.3 may pass the edge by a rounding error.
        if not -1e-9 * side <= edge <= side * (1 + 1e-9):
            axis = "wide" if name in ("left", "right") else "high"
            raise ValueError(
                f"the {name} edge {edge:g} lies outside a picture {side:g} {axis}; "
                f"give the picture's size as 'of' if these are not fractions"
            )
    if left >= right or top >= bottom:
        raise ValueError(f"edges {left:g}, {top:g}, {right:g}, {bottom:g} hold no area")
    grid = BBox(
        round(top / height * GRID),
        round(left / width * GRID),
        round(bottom / height * GRID),
        round(right / width * GRID),
    )
    if grid.width == 0 or grid.height == 0:
        raise ValueError(
            f"a box of {right - left:g} x {bottom - top:g} in {width:g} x {height:g} is thinner "
            f"than a thousandth of the picture"
        )
    return grid


def xywh(
    left: float, top: float, width: float, height: float, *, of: tuple[float, float] = (1, 1)
) -> BBox:
    """A box from its left top corner and its width and height; see ``xyxy`` for ``of``."""
    return xyxy(left, top, left + width, top + height, of=of)


def centered(
    x: float, y: float, width: float, height: float, *, of: tuple[float, float] = (1, 1)
) -> BBox:
    """A box from its middle and its width and height; see ``xyxy`` for ``of``."""
    return xywh(x - width / 2, y - height / 2, width, height, of=of)
