"""Scenes as arrays, the form in which they are painted by the thousand.

Shape legend: B scenes, N item slots, C letter cells of an item.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.draft.world.atlas import Floats, atlas
from generator.draft.world.layout import MAX_CELLS
from generator.draft.world.scene import FILLS, LOOKS, PATTERNS, Lettering, Scene, Thing

SLOTS = 8


@dataclass(frozen=True, slots=True)
class SceneArrays:
    """Scenes of one picture size. An item is a grid of atlas tiles over a box; tile 0 is empty."""

    pattern: NDArray[np.int64]
    """[B], index into PATTERNS."""
    look: NDArray[np.int64]
    """[B], index into LOOKS."""
    ground: Floats
    """[B, 2, 3], the two colours of the backdrop in [0, 1]."""
    box: Floats
    """[B, N, 4], y0 x0 y1 x1 in [0, 1]."""
    cells: NDArray[np.int64]
    """[B, N, 2], rows and columns of the grid."""
    tiles: NDArray[np.int64]
    """[B, N, C], row-major."""
    colors: Floats
    """[B, N, 2, 3], main and accent."""
    fill: NDArray[np.int64]
    """[B, N], index into FILLS."""


def to_arrays(scenes: Sequence[Scene]) -> SceneArrays:
    """Pack scenes of one size; items beyond the slots are an error."""
    B = len(scenes)
    out = SceneArrays(
        pattern=np.array([PATTERNS.index(s.backdrop.pattern) for s in scenes], np.int64),
        look=np.array([LOOKS.index(s.look) for s in scenes], np.int64),
        ground=np.array([(s.backdrop.first, s.backdrop.second) for s in scenes], np.float32)
        / np.float32(255),
        box=np.zeros((B, SLOTS, 4), np.float32),
        cells=np.ones((B, SLOTS, 2), np.int64),
        tiles=np.zeros((B, SLOTS, MAX_CELLS), np.int64),
        colors=np.zeros((B, SLOTS, 2, 3), np.float32),
        fill=np.zeros((B, SLOTS), np.int64),
    )
    for b, scene in enumerate(scenes):
        if len(scene.items) > SLOTS:
            raise ValueError(f"a scene has {len(scene.items)} items, but only {SLOTS} are painted")
        for n, item in enumerate(scene.items):
            _fill_slot(out, b, n, item)
    return out


def _fill_slot(out: SceneArrays, b: int, n: int, item: Thing | Lettering) -> None:
    tiles = atlas()
    out.box[b, n] = np.array(item.box, np.float32) / 1000
    if isinstance(item, Thing):
        out.tiles[b, n, 0] = tiles.sprites[item.kind, item.facing]
        out.colors[b, n] = np.array((item.main, item.accent), np.float32) / 255
        out.fill[b, n] = FILLS.index(item.fill)
        return
    lines = item.text.split("\n")
    columns = max(map(len, lines))
    out.cells[b, n] = len(lines), columns
    out.colors[b, n] = np.array(item.color, np.float32) / 255
    grid = "".join(line.center(columns) for line in lines)
    out.tiles[b, n, : len(grid)] = [tiles.glyphs.get(char, 0) for char in grid]
