"""Save a sketch as a small PNG."""

from __future__ import annotations

import io
from typing import Final

from PIL import Image

_COLORS: Final = 255


def to_png(picture: Image.Image) -> bytes:
    """The picture as a PNG of 255 colours, about a third of the bytes of one in full colour.

    The most frequent colours are kept exactly, so that panels and swatches stay what they are; the
    rare ones, on the edges of letters, become the nearest of these.
    """
    flat = picture.convert("RGB")
    counted = flat.getcolors(flat.width * flat.height) or []
    frequent = sorted(counted, key=lambda each: (-each[0], each[1]))[:_COLORS]
    channels = [channel for _, color in frequent if isinstance(color, tuple) for channel in color]
    palette = Image.new("P", (1, 1))
    palette.putpalette(channels)
    small = flat.quantize(palette=palette, dither=Image.Dither.NONE)
    data = io.BytesIO()
    small.save(data, "PNG", optimize=True)
    return data.getvalue()
