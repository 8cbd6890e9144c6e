"""Other ways in which people write a colour, brought to ``#RRGGBB``."""

from __future__ import annotations

import re
from typing import Final

from promptkit.color import from_rgb, normalize_hex

_NAMES: Final = {
    "black": "#000000", "white": "#FFFFFF", "gray": "#808080", "grey": "#808080",
    "silver": "#C0C0C0", "red": "#FF0000", "maroon": "#800000", "crimson": "#DC143C",
    "coral": "#FF7F50", "salmon": "#FA8072", "orange": "#FFA500", "gold": "#FFD700",
    "yellow": "#FFFF00", "khaki": "#F0E68C", "beige": "#F5F5DC", "ivory": "#FFFFF0",
    "tan": "#D2B48C", "brown": "#A52A2A", "chocolate": "#D2691E", "sienna": "#A0522D",
    "saddlebrown": "#8B4513", "olive": "#808000", "green": "#008000", "lime": "#00FF00",
    "forestgreen": "#228B22", "darkgreen": "#006400", "teal": "#008080", "turquoise": "#40E0D0",
    "cyan": "#00FFFF", "aqua": "#00FFFF", "skyblue": "#87CEEB", "blue": "#0000FF",
    "royalblue": "#4169E1", "navy": "#000080", "indigo": "#4B0082", "purple": "#800080",
    "violet": "#EE82EE", "lavender": "#E6E6FA", "magenta": "#FF00FF", "fuchsia": "#FF00FF",
    "pink": "#FFC0CB", "hotpink": "#FF69B4",
}  # fmt: skip
"""CSS Color Module Level 4, the names that people use."""


def plain_color(value: str) -> str | None:
    """The trained form of a colour that is written in another, without any guess."""
    return normalize_hex(value)


def guessed_color(value: str) -> str | None:
    """The trained form of what most likely is meant: CSS names, ``rgb(…)``, hex with alpha."""
    text = value.strip().lower()
    if name := _NAMES.get(re.sub(r"[\s_-]+", "", text)):
        return name
    if channels := re.fullmatch(r"rgba?\((\d{1,3})[,\s]+(\d{1,3})[,\s]+(\d{1,3})\b[^()]*\)", text):
        red, green, blue = (int(channel) for channel in channels.groups())
        return from_rgb(red, green, blue) if max(red, green, blue) <= 255 else None
    if re.fullmatch(r"#?[0-9a-f]{8}", text):
        return normalize_hex(text.lstrip("#")[:6])
    return normalize_hex(text.lstrip("#")[:3]) if re.fullmatch(r"#[0-9a-f]{4}", text) else None
