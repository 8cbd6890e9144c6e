"""What a picture of the draft world holds: plain values, no wording and no pixels."""

from __future__ import annotations

from dataclasses import dataclass

from generator.draft.world.colors import Rgb

Box = tuple[int, int, int, int]
"""y0, x0, y1, x1 in thousandths of the picture's height and width, as captions write it."""

FILLS = ("solid", "striped", "dotted", "fading")
PATTERNS = ("plain", "fade down", "fade across", "horizon", "stripes", "checks", "dots", "glow")
LOOKS = ("flat", "photo", "solid model", "painting")


@dataclass(frozen=True, slots=True)
class Thing:
    """One silhouette. `stated_accent` says whether the caption names the accent colour."""

    kind: str
    facing: str
    box: Box
    main: Rgb
    accent: Rgb
    stated_accent: bool
    fill: str = "solid"


@dataclass(frozen=True, slots=True)
class Lettering:
    """Letters in cells of one pitch that fill the box; lines are centred in it."""

    text: str
    box: Box
    color: Rgb


@dataclass(frozen=True, slots=True)
class Backdrop:
    """What lies behind everything, edge to edge."""

    pattern: str
    first: Rgb
    second: Rgb


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture; items are painted in order, later over earlier."""

    height: int
    width: int
    look: str
    backdrop: Backdrop
    items: tuple[Thing | Lettering, ...]
