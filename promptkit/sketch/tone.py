"""The colour of the ground, from the words for it and the palette of the style."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from promptkit.color import darken, lighten, to_rgb

_NEUTRAL: Final = "#DAD7D0"
_COLORS: Final = {
    "black": "#17171A", "white": "#F5F5F2", "cream": "#F3EAD3", "ivory": "#F4EFE0",
    "beige": "#E3D5B8", "grey": "#A9ABAE", "gray": "#A9ABAE", "charcoal": "#35373B",
    "silver": "#C2C6CA", "navy": "#1B2A4A", "blue": "#5B8DC9", "teal": "#1F7A78",
    "turquoise": "#48BDB5", "green": "#5E8C5A", "olive": "#7A7A45", "mint": "#BFE3CF",
    "red": "#B8433C", "crimson": "#9E1F33", "burgundy": "#5E1A2B", "maroon": "#5E1F1F",
    "orange": "#E0893B", "amber": "#E0A63B", "yellow": "#EFCB4B", "gold": "#C9A24A",
    "pink": "#EBB4C0", "magenta": "#B83A82", "purple": "#6B4E8E", "violet": "#7A5FA3",
    "lavender": "#C9BFE0", "brown": "#7A5B43", "tan": "#C8A67F", "copper": "#B06A45",
    "whitewashed": "#F0EEE8", "apricot": "#F6C9A4", "coral": "#E4705A", "indigo": "#2A2F6B",
}  # fmt: skip
_MATERIALS: Final = {
    "wood": "#A67C52", "wooden": "#A67C52", "oak": "#B58D60", "walnut": "#5D4332",
    "sand": "#DCC79B", "beach": "#DCC79B", "desert": "#D6B27C", "brick": "#A0553F",
    "concrete": "#B4B4B0", "asphalt": "#4A4C50", "stone": "#A8A296", "marble": "#E8E6E2",
    "paper": "#F0EADB", "snow": "#EEF2F5", "fog": "#CDD2D6", "mist": "#CDD2D6",
    "sky": "#9CC3E0", "sea": "#3E7C98", "ocean": "#2F6C8C",
    "night": "#141B33", "dusk": "#54527C", "dawn": "#E3B7A0", "sunset": "#E09A6B",
    "forest": "#3C5A40", "grass": "#7FA05A", "meadow": "#8FAE66", "studio": "#D5D3CF",
}  # fmt: skip
_WORDS: Final = _COLORS | _MATERIALS
_EARLY: Final = 12
"""Words within which a colour says more about the ground than a material named before it."""
_SHADES: Final = {"dark": 0.45, "deep": 0.35, "pale": -0.5, "light": -0.35, "soft": -0.2}
_MENTION: Final = re.compile(
    rf"\b(?:({'|'.join(_SHADES)})[ -])?({'|'.join(_WORDS)})s?\b", re.IGNORECASE
)


def is_transparent(background: str) -> bool:
    """Whether the background is the model's phrase for a cut-out."""
    return background.strip().lower().rstrip(".") == "transparent background"


def ground_tone(background: str, palette: Sequence[str]) -> str:
    """The colour of the ground, ``#RRGGBB``.

    Of the palette the colour nearest to the first one that the words name, or without such a word
    the least colourful; without a palette what the word alone suggests.
    """
    named = _named(background)
    if not palette:
        return named or _NEUTRAL
    if named is None:
        return min(palette, key=_chroma)
    return min(palette, key=lambda color: _distance(color, named))


def _named(words: str) -> str | None:
    beginning = " ".join(words.split()[:_EARLY])
    mentions = list(_MENTION.finditer(beginning)) or list(_MENTION.finditer(words))
    if not mentions:
        return None
    colors = [each for each in mentions if each.group(2).lower() in _COLORS]
    mention = (colors or mentions)[0]
    shade, name = mention.group(1), mention.group(2)
    color = _WORDS[name.lower()]
    share = _SHADES[shade.lower()] if shade else 0
    return darken(color, share) if share > 0 else lighten(color, -share)


def _chroma(color: str) -> int:
    channels = to_rgb(color)
    return max(channels) - min(channels)


def _distance(first: str, second: str) -> int:
    return sum((a - b) ** 2 for a, b in zip(to_rgb(first), to_rgb(second), strict=True))
