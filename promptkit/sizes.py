"""The picture sizes that the model was made for."""

from __future__ import annotations

from typing import Final

MULTIPLE: Final = 16
"""Pixels that one image token covers along an axis."""

MIN_SIDE: Final = 256
MAX_SIDE: Final = 2048
MAX_RATIO: Final = 6
"""Limits of the trained range (official ``docs/inference.md``)."""

COMMON_SIZES: Final = (
    "1024x1024", "1152x864", "864x1152", "1248x832", "832x1248", "1280x720", "720x1280",
    "1440x720", "1536x640", "640x1536", "2048x2048",
)  # fmt: skip
"""What is offered to choose from."""


def size_problem(width: int, height: int) -> str | None:
    """What is wrong with a size and which one would do, or None."""
    size = f"{width}x{height}"
    for side in (width, height):
        if not MIN_SIDE <= side <= MAX_SIDE:
            near = f"{_nearest(width)}x{_nearest(height)}"
            return f"{size}: a side is {MIN_SIDE} to {MAX_SIDE} pixels; {near} would do"
    if width % MULTIPLE or height % MULTIPLE:
        near = f"{_nearest(width)}x{_nearest(height)}"
        return f"{size}: sides are multiples of {MULTIPLE}; {near} would do"
    if max(width, height) > MAX_RATIO * min(width, height):
        return f"{size}: the sides are at most {MAX_RATIO}:1; make it less long"
    return None


def _nearest(side: int) -> int:
    rounded = (side + MULTIPLE // 2) // MULTIPLE * MULTIPLE
    return min(max(rounded, MIN_SIDE), MAX_SIDE)
