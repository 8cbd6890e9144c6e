"""Colours as the model knows them: upper-case ``#RRGGBB``, and palettes of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

STYLE_PALETTE_MAX: Final = 16
"""Colours allowed in ``style_description.color_palette``."""
ELEMENT_PALETTE_MAX: Final = 5
"""Colours allowed in an element's ``color_palette``."""

_CANONICAL = re.compile(r"#[0-9A-F]{6}")
_LOOSE = re.compile(r"#?(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")


def is_hex_color(value: str) -> bool:
    """Whether ``value`` is exactly in the trained form, upper-case ``#RRGGBB``."""
    return _CANONICAL.fullmatch(value) is not None


def normalize_hex(value: str) -> str | None:
    """The trained form of a 3- or 6-digit hex colour in any case, or None if it is not one.

    >>> normalize_hex("#1af")
    '#11AAFF'
    """
    text = value.strip()
    if _LOOSE.fullmatch(text) is None:
        return None
    digits = text.lstrip("#").upper()
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return f"#{digits}"


def to_rgb(color: str) -> tuple[int, int, int]:
    """Red, green and blue (0..255) of a ``#RRGGBB`` colour.

    Raises:
        ValueError: if ``color`` is not a hex colour.
    """
    normal = normalize_hex(color)
    if normal is None:
        raise ValueError(f"{color!r} is not a hex colour; write it as #RRGGBB")
    return int(normal[1:3], 16), int(normal[3:5], 16), int(normal[5:7], 16)


def from_rgb(red: int, green: int, blue: int) -> str:
    """``#RRGGBB`` of three channels, each 0..255."""
    for channel in (red, green, blue):
        if not 0 <= channel <= 255:
            raise ValueError(f"colour channel {channel} is outside 0..255")
    return f"#{red:02X}{green:02X}{blue:02X}"


def luminance(color: str) -> float:
    """Relative luminance, 0 (black) to 1 (white), as WCAG 2 defines it."""

    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(channel) for channel in to_rgb(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """WCAG 2 contrast ratio of two colours, 1 (equal) to 21 (black on white)."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def mix(first: str, second: str, share: float = 0.5) -> str:
    """The colour that lies ``share`` (0 to 1) of the way from ``first`` to ``second``."""
    if not 0 <= share <= 1:
        raise ValueError(f"share {share:g} is outside 0..1")
    pairs = zip(to_rgb(first), to_rgb(second), strict=True)
    return from_rgb(*(round(start + (end - start) * share) for start, end in pairs))


def lighten(color: str, share: float = 0.25) -> str:
    """``color`` brought nearer to white by ``share`` (0 to 1) of the way."""
    return mix(color, "#FFFFFF", share)


def darken(color: str, share: float = 0.25) -> str:
    """``color`` brought nearer to black by ``share`` (0 to 1) of the way."""
    return mix(color, "#000000", share)


def readable_on(background: str, candidates: Iterable[str] = ("#000000", "#FFFFFF")) -> str:
    """The candidate that stands out most from ``background``; of equals the first.

    Raises:
        ValueError: if there is no candidate.
    """
    return max(candidates, key=lambda candidate: contrast(candidate, background))
