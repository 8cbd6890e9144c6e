"""Colours in words, for descriptions: the caption's prose and its palette then say the same."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from promptkit.color import to_rgb

_NAMES: Final = {
    "black": "#0B0B0D", "charcoal": "#33353A", "dark grey": "#55585E", "grey": "#8A8D93",
    "light grey": "#C4C7CB", "white": "#FFFFFF", "off-white": "#F5F2EA", "cream": "#F3E6C8",
    "beige": "#DCCBA6", "tan": "#C19A6B", "brown": "#7B4B2A", "dark brown": "#3F2617",
    "rust": "#A8461F", "terracotta": "#C8664A", "red": "#D2232A", "dark red": "#7F1019",
    "scarlet": "#F0381F", "coral": "#F77F6B", "pink": "#F4A6BF", "pale pink": "#F8D9E0",
    "magenta": "#C2188B", "orange": "#F07F13", "peach": "#F9C9A2", "amber": "#E8A317",
    "gold": "#C8A13A", "yellow": "#F7D417", "pale yellow": "#FAF0A8", "olive": "#7C7A2B",
    "lime green": "#9BCB28", "green": "#2E9E46", "dark green": "#14482B", "sage green": "#A3B596",
    "emerald green": "#0E7A50",
    "mint green": "#B4E4CB", "teal": "#127E7E", "turquoise": "#3CC0BC", "pale blue": "#CFE4F2",
    "sky blue": "#6DB6E8", "blue": "#2363C6", "navy blue": "#14234B", "indigo": "#3B2E8C",
    "violet": "#7A3FB5", "lavender": "#C7B8E8", "purple": "#5B1F69", "plum": "#8B3A62",
}  # fmt: skip
_KNOWN: Final = tuple((name, to_rgb(color)) for name, color in _NAMES.items())


@lru_cache(maxsize=256)
def color_name(color: str) -> str:
    """The plain English name that is nearest to a colour, e.g. "navy blue".

    Near by the "redmean" approximation of what the eye sees (https://www.compuphase.com/cmetric.htm).

    Raises:
        ValueError: if ``color`` is not a hex colour.
    """
    red, green, blue = to_rgb(color)

    def distance(other: tuple[int, int, int]) -> float:
        mean = (red + other[0]) / 2
        return (
            (2 + mean / 256) * (red - other[0]) ** 2
            + 4 * (green - other[1]) ** 2
            + (2 + (255 - mean) / 256) * (blue - other[2]) ** 2
        )

    return min(_KNOWN, key=lambda known: distance(known[1]))[0]
