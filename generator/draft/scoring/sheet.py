"""Contact sheets: many pictures in one file, to look at and to score later."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from generator.draft.scoring.lab import Floats

COLUMNS = 8


def save_sheet(path: Path, pictures: Sequence[Floats], columns: int = COLUMNS) -> None:
    """Pictures [H, W, 3] in [0, 1], row-major, the last row filled up with white."""
    blank = np.ones_like(pictures[0])
    padded = [*pictures, *[blank] * (-len(pictures) % columns)]
    rows = [np.concatenate(padded[k : k + columns], 1) for k in range(0, len(padded), columns)]
    sheet = (np.concatenate(rows, 0) * 255).round().astype(np.uint8)
    Image.fromarray(sheet).save(path)


def load_sheet(path: Path, side: int) -> list[Floats]:
    """The square pictures of a sheet, in order."""
    sheet = np.asarray(Image.open(path).convert("RGB"), np.float32) / 255
    rows, columns = sheet.shape[0] // side, sheet.shape[1] // side
    return [
        sheet[r * side : (r + 1) * side, c * side : (c + 1) * side]
        for r in range(rows)
        for c in range(columns)
    ]
