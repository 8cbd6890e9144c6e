"""Finding an asked thing in a picture: where it is, in which colour, and what it is.

Pictures are float [H, W, 3] in [0, 1]. `base` is the asked picture without the thing, painted by
the world itself: a pixel belongs to the thing where it looks more like the thing's colours than
like the base.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.draft.scoring.lab import Floats, distance, to_lab
from generator.draft.world.atlas import SIZES, atlas
from generator.draft.world.scene import Box, Thing

Pixels = tuple[int, int, int, int]
_SIDE = 32


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one asked thing."""

    iou: float
    """Overlap of the asked and the found box; 0 where nothing was found."""
    delta_e: float
    """Difference of the median main colour from the asked one; infinite where nothing was."""
    kind: str


def find_thing(image: Floats, base: Floats, thing: Thing) -> Found:
    """Measure one thing."""
    height, width = image.shape[:2]
    asked = to_pixels(thing.box, height, width)
    window = _widened(asked, height, width)
    y0, x0, y1, x1 = window
    lab, ground = to_lab(image[y0:y1, x0:x1]), to_lab(base[y0:y1, x0:x1])
    gaps = np.stack([distance(lab, tone) for tone in to_lab(_tones(thing))])
    mask = gaps.min(0) < distance(lab, ground)
    mask = _grown(mask, (asked[0] - y0, asked[1] - x0, asked[2] - y0, asked[3] - x0))
    if mask.sum() < 12:
        return Found(0.0, float("inf"), "")
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    box = (
        int(y0 + rows[0]),
        int(x0 + columns[0]),
        int(y0 + rows[-1] + 1),
        int(x0 + columns[-1] + 1),
    )
    iou = box_iou(box, asked)
    return Found(iou, _color_gap(lab, mask, gaps, thing), _kind(image, base, box, thing))


def to_pixels(box: Box, height: int, width: int) -> Pixels:
    """A caption's box in whole pixels."""
    y0, x0, y1, x1 = box
    scaled = (y0 * height, x0 * width, y1 * height, x1 * width)
    return tuple(round(v / 1000) for v in scaled)  # type: ignore[return-value]


def box_iou(a: Pixels, b: Pixels) -> float:
    """Shared area over joint area."""
    high, wide = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    shared = max(high, 0) * max(wide, 0)
    areas = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
    return shared / (areas - shared)


def _widened(box: Pixels, height: int, width: int) -> Pixels:
    y0, x0, y1, x1 = box
    y, x = max(8, (y1 - y0) * 35 // 100), max(8, (x1 - x0) * 35 // 100)
    return max(0, y0 - y), max(0, x0 - x), min(height, y1 + y), min(width, x1 + x)


def _tones(thing: Thing) -> Floats:
    """The colours a thing may show, main colour first, [tones, 3] in [0, 1]."""
    main, accent = (np.array(c, np.float32) / 255 for c in (thing.main, thing.accent))
    blends = [main + (accent - main) * k / 4 for k in range(1, 5)]
    lit = [(main * k).clip(0, 1) for k in (0.87, 1.13)]
    detail = [main * 0.35, main + (1 - main) * 0.7]
    return np.stack([main, *lit, *detail, *(blends if thing.fill == "fading" else [accent])])


def _grown(mask: NDArray[np.bool_], asked: Pixels) -> NDArray[np.bool_]:
    """The parts of the mask that reach the middle of the asked box, over gaps of two pixels."""
    y0, x0, y1, x1 = asked
    y, x = (y1 - y0) // 5, (x1 - x0) // 5
    grown = np.zeros_like(mask)
    grown[y0 + y : y1 - y, x0 + x : x1 - x] = mask[y0 + y : y1 - y, x0 + x : x1 - x]
    while True:
        wide = grown.copy()
        for shift in (1, 2):
            wide[shift:] |= grown[:-shift]
            wide[:-shift] |= grown[shift:]
        rows = wide.copy()
        for shift in (1, 2):
            wide[:, shift:] |= rows[:, :-shift]
            wide[:, :-shift] |= rows[:, shift:]
        wide &= mask
        if (wide == grown).all():
            return grown
        grown = wide


def _color_gap(lab: Floats, mask: NDArray[np.bool_], gaps: Floats, thing: Thing) -> float:
    """From the asked main colour to the median of what looks like it most."""
    own = mask & (gaps.argmin(0) <= 2)
    if not own.any():
        return float("inf")
    if thing.fill == "fading":
        rows = np.flatnonzero(own.any(1))
        own[rows[0] + max(2, len(rows) // 6) :] = False
    main = to_lab(np.array(thing.main, np.float32) / 255)
    return float(distance(np.median(lab[own], axis=0).astype(np.float32), main))


def _kind(image: Floats, base: Floats, box: Pixels, thing: Thing) -> str:
    """The kind that, painted in the asked colours into the found box, comes closest."""
    drawn, ground = _resampled(image, box), _resampled(base, box)
    level = atlas().levels[SIZES.index(_SIDE)]
    names = [key for key in atlas().sprites if key[0] != "board"]
    tiles = level[[atlas().sprites[key] for key in names]]
    cover, accent_share, shade = (tiles[..., c : c + 1] for c in range(3))
    main, accent = (np.array(c, np.float32) / 255 for c in (thing.main, thing.accent))
    color = main + (accent - main) * np.maximum(_filling(thing.fill)[..., None], accent_share)
    shade = 2 * shade - 1
    color = np.where(shade < 0, color * (1 + 0.65 * shade), color + (1 - color) * 0.7 * shade)
    painted = ground + (color - ground) * cover
    return names[int(np.abs(painted - drawn).mean((1, 2, 3)).argmin())][0]


def _filling(fill: str) -> Floats:
    v = (np.arange(_SIDE, dtype=np.float32)[:, None] + 0.5) / _SIDE
    u = v.T
    match fill:
        case "striped":
            return np.floor(7 * v) % 2 + 0 * u
        case "dotted":
            return (((6 * u) % 1 - 0.5) ** 2 + ((6 * v) % 1 - 0.5) ** 2 < 0.07).astype(np.float32)
        case "fading":
            return v + 0 * u
        case _:
            return 0 * u * v


def _resampled(image: Floats, box: Pixels) -> Floats:
    """The box at 32 x 32, each cell the mean of a few samples."""
    y0, x0, y1, x1 = box
    offsets = (np.arange(_SIDE * 2) + 0.5) / (_SIDE * 2)
    rows = (y0 + offsets * (y1 - y0)).astype(int).clip(0, image.shape[0] - 1)
    columns = (x0 + offsets * (x1 - x0)).astype(int).clip(0, image.shape[1] - 1)
    fine = image[rows[:, None], columns[None]]
    mean: Floats = fine.reshape(_SIDE, 2, _SIDE, 2, 3).mean((1, 3))
    return mean
