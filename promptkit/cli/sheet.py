"""One picture of many: small copies in a grid, each with its name."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

CELL: Final = 256
CAPTION: Final = 18
GAP: Final = 8
BACKGROUND: Final = "#202020"
INK: Final = "#D0D0D0"


def contact_sheet(pictures: Sequence[tuple[str, Path]]) -> Image.Image:
    """A sheet about as wide as it is high, in the order given, left to right and down."""
    columns = math.ceil(math.sqrt(len(pictures)))
    rows = math.ceil(len(pictures) / columns)
    width, height = CELL + GAP, CELL + CAPTION + GAP
    sheet = Image.new("RGB", (columns * width + GAP, rows * height + GAP), BACKGROUND)
    draw = ImageDraw.Draw(sheet)
    for place, (name, path) in enumerate(pictures):
        row, column = divmod(place, columns)
        x, y = GAP + column * width, GAP + row * height
        with Image.open(path) as picture:
            small = picture.convert("RGB")
        small.thumbnail((CELL, CELL), Image.Resampling.LANCZOS)
        sheet.paste(small, (x + (CELL - small.width) // 2, y + (CELL - small.height) // 2))
        draw.text((x, y + CELL + 2), _fitting(draw, name), fill=INK)
    return sheet


def _fitting(draw: ImageDraw.ImageDraw, name: str) -> str:
    """The end of a name, which tells pictures apart, as far as it fits below one."""
    while draw.textlength(name) > CELL:
        name = name[1:]
    return name
