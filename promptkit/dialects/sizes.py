"""The picture's size that a file states for itself, in the many ways in which tools state it."""

from __future__ import annotations

import re
from math import sqrt
from typing import Any, Final

from promptkit.document import Node, plain
from promptkit.geometry import Size

SIZE_PAIRS: Final = (
    ("width", "height"),
    ("canvasW", "canvasH"),
    ("canvas_width", "canvas_height"),
    ("image_width", "image_height"),
)
SIZE_KEYS: Final = ("size", "resolution", "image_size", "canvas_size", "canvas")
RATIO_KEYS: Final = ("aspect_ratio", "aspectRatio", "aspect", "ratio", "canvasRatio")

_PAIR = re.compile(r"\s*(\d{1,5})\s*[x×:/*]\s*(\d{1,5})\s*", re.IGNORECASE)
_SMALLEST_SIDE: Final = 64
"""``16x9`` is a ratio and ``1024x768`` a size; nothing is drawn smaller than this."""
_STEEPEST_RATIO: Final = 6
"""The longest side over the shortest that the official pipeline accepts."""
_PIXELS: Final = 1024 * 1024
_STEP: Final = 16


def declared_size(node: Node) -> Size | None:
    """The size in pixels that a caption, or what it is wrapped in, declares for its canvas."""
    at: Node | None = node
    while at is not None:
        found = {
            member.name: plain(member.value)
            for member in at.members
            if not member.value.members and len(member.value.items) <= 2
        }
        if size := stated_size(found):
            return size
        at = at.parent
    return None


def declared_ratio(node: Node) -> Size | None:
    """The ratio that stands beside a caption, in what it is wrapped in."""
    at = node.parent
    while at is not None:
        for member in at.members:
            if member.name in RATIO_KEYS and (ratio := parse_pair(member.value.string())):
                return ratio
        at = at.parent
    return None


def stated_size(values: dict[str, Any]) -> Size | None:
    """The size in pixels among some keys and values, not counting mere ratios."""
    for pair in SIZE_PAIRS:
        if size := _whole(values.get(pair[0]), values.get(pair[1])):
            return size
    for key in SIZE_KEYS + RATIO_KEYS:
        if (sides := parse_pair(values.get(key))) and min(sides) >= _SMALLEST_SIDE:
            return sides
    return None


def parse_pair(value: Any) -> Size | None:
    """Two positive numbers in ``16:9``, ``1024x768`` or ``[1024, 768]``."""
    if isinstance(value, list) and len(value) == 2:
        return _whole(*value)
    match = _PAIR.fullmatch(value) if isinstance(value, str) else None
    return _whole(int(match[1]), int(match[2])) if match else None


def size_of_ratio(width: int, height: int) -> Size | None:
    """A size of about one megapixel in this ratio, its sides multiples of 16; None past 6:1."""
    if max(width, height) > _STEEPEST_RATIO * min(width, height):
        return None
    scale = sqrt(_PIXELS / (width * height))
    return Size(*(max(round(side * scale / _STEP), 1) * _STEP for side in (width, height)))


def _whole(width: Any, height: Any) -> Size | None:
    if isinstance(width, str) and isinstance(height, str):
        return parse_pair(f"{width}x{height}")
    if type(width) is int and type(height) is int and 0 < min(width, height) < 100_000:
        return Size(width, height)
    return None
