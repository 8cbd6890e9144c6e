"""Colours of the draft world: names, hex codes and perceptual distance."""

from __future__ import annotations

import math
from functools import lru_cache

Rgb = tuple[int, int, int]

NAMED: dict[str, Rgb] = {
    "red": (214, 40, 40),
    "crimson": (160, 16, 52),
    "orange": (242, 132, 28),
    "gold": (212, 168, 36),
    "yellow": (250, 220, 60),
    "lime": (168, 220, 50),
    "green": (44, 150, 62),
    "dark green": (18, 84, 44),
    "olive": (120, 124, 42),
    "teal": (16, 130, 126),
    "turquoise": (64, 206, 196),
    "sky blue": (116, 190, 240),
    "blue": (38, 92, 214),
    "navy": (18, 32, 92),
    "purple": (108, 44, 150),
    "lavender": (186, 164, 230),
    "magenta": (212, 40, 160),
    "pink": (246, 150, 184),
    "coral": (250, 118, 96),
    "brown": (118, 72, 36),
    "tan": (206, 172, 128),
    "cream": (250, 240, 214),
    "white": (252, 252, 252),
    "light gray": (200, 202, 206),
    "gray": (128, 130, 134),
    "charcoal": (58, 60, 66),
    "black": (14, 14, 16),
}


def hex_code(color: Rgb) -> str:
    """`#RRGGBB` in the capitals that the caption schema wants."""
    return "#{:02X}{:02X}{:02X}".format(*color)


def darker(color: Rgb, factor: float = 0.55) -> Rgb:
    """The same hue with every channel scaled down."""
    return tuple(round(c * factor) for c in color)  # type: ignore[return-value]


@lru_cache(maxsize=65536)
def lab(color: Rgb) -> tuple[float, float, float]:
    """CIE L*a*b* under D65 of an sRGB colour (IEC 61966-2-1, CIE 15)."""
    r, g, b = (_linear(c / 255) for c in color)
    x = _cube_root((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047)
    y = _cube_root(0.2126 * r + 0.7152 * g + 0.0722 * b)
    z = _cube_root((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _linear(c: float) -> float:
    return c / 12.92 if c <= 0.04045 else float(((c + 0.055) / 1.055) ** 2.4)


def _cube_root(t: float) -> float:
    return math.cbrt(t) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116


def delta_e(a: Rgb, b: Rgb) -> float:
    """CIE 1976 colour difference: about 2 is just visible, 15 still the same colour word."""
    return math.dist(lab(a), lab(b))


@lru_cache(maxsize=65536)
def nearest_name(color: Rgb) -> str:
    """The named colour that looks most alike."""
    return min(NAMED, key=lambda name: delta_e(NAMED[name], color))
