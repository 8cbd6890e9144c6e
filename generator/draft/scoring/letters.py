"""Reading an asked text in a picture by comparing every cell with every glyph."""

from __future__ import annotations

import numpy as np

from generator.draft.scoring.lab import Floats, distance, to_lab
from generator.draft.scoring.things import to_pixels
from generator.draft.world.atlas import SIZES, atlas
from generator.draft.world.scene import Lettering

_SIDE = 32
_SHIFTS = tuple((y, x) for y in (-3, -2, -1, 0, 1, 2, 3) for x in (-3, -2, -1, 0, 1, 2, 3))


def is_large(item: Lettering) -> bool:
    """At most 8 characters in a box at least 15 % of the picture high."""
    return len(item.text.replace("\n", "")) <= 8 and item.box[2] - item.box[0] >= 150


def read(image: Floats, base: Floats, item: Lettering) -> str:
    """The text as read, lines as asked; `base` is the asked picture without the text."""
    y0, x0, y1, x1 = to_pixels(item.box, *image.shape[:2])
    lab, ground = to_lab(image[y0:y1, x0:x1]), to_lab(base[y0:y1, x0:x1])
    ink_color = to_lab(np.array(item.color, np.float32) / 255)
    far, near = distance(lab, ground), distance(lab, ink_color)
    ink = far / (far + near + 1e-6)
    lines = item.text.split("\n")
    columns = max(map(len, lines))
    read_lines = []
    for row, line in enumerate(lines):
        padded = line.center(columns)
        cells = [_cell(ink, row, column, len(lines), columns) for column in range(columns)]
        read_lines.append(
            "".join(
                " " if char == " " else _glyph(c) for char, c in zip(padded, cells, strict=True)
            ).strip()
        )
    return "\n".join(read_lines)


def same_text(a: str, b: str) -> bool:
    """Equal but for case and for glyphs that look alike alone: I l 1, O 0."""
    return _folded(a) == _folded(b)


def _folded(text: str) -> str:
    table = str.maketrans({"I": "|", "l": "|", "1": "|", "0": "o", ",": "."})
    return text.translate(table).lower()


def _cell(ink: Floats, row: int, column: int, rows: int, columns: int) -> Floats:
    """One letter's ink at 32 x 32."""
    height, width = ink.shape
    offsets = (np.arange(_SIDE * 2) + 0.5) / (_SIDE * 2)
    y = ((row + offsets) * height / rows).astype(int).clip(0, height - 1)
    x = ((column + offsets) * width / columns).astype(int).clip(0, width - 1)
    cell: Floats = ink[y[:, None], x[None]].reshape(_SIDE, 2, _SIDE, 2).mean((1, 3))
    return cell


def _glyph(cell: Floats) -> str:
    """The nearest glyph over small shifts."""
    chars = list(atlas().glyphs)
    tiles = atlas().levels[SIZES.index(_SIDE)][[atlas().glyphs[c] for c in chars], ..., 0]
    best = np.full(len(chars), np.inf)
    for y, x in _SHIFTS:
        moved = np.roll(cell, (y, x), axis=(0, 1))
        best = np.minimum(best, np.square(tiles - moved).mean((1, 2)))
    return chars[int(best.argmin())]
