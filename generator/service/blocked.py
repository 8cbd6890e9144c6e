"""Recognise the grey picture that the model paints instead of one that it refuses.

The published weights themselves draw a flat grey picture with the line "Image blocked by safety
filter" (official ``docs/prompting.md``); no code of any engine does, so looking is the only way to
know. The statistics below describe that picture; they report it, and nothing here avoids it.
"""

from __future__ import annotations

from typing import Final

from PIL import Image, ImageChops

SIDE: Final = 256
"""Longer side at which the picture is judged, which evens out noise and compression."""

MAX_CHROMA: Final = 14
"""Largest difference between two colour channels that still counts as grey, of 255."""
MIN_GREY_SHARE: Final = 0.985

FLAT_WITHIN: Final = 8
"""Levels around the commonest grey that count as the same surface."""
MIN_FLAT_SHARE: Final = 0.85
FLAT_LEVELS: Final = range(40, 216)
"""The surface is neither black nor white: those are common backgrounds of real pictures."""

LETTERING_APART: Final = 32
"""Levels by which lettering stands out from the surface."""
LETTERING_SHARE: Final = (0.0008, 0.12)
"""Lettering is there, and there is not much of it."""


def looks_blocked(image: Image.Image) -> bool:
    """Whether nearly all of the picture is one middle grey, with a little grey lettering on it.

    A heuristic from the description of that picture: a caption that asks for just this is taken
    for one, which is why the result is a remark and never a refusal.
    """
    small = image.convert("RGB")
    small.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
    pixels = small.width * small.height
    if _grey_pixels(small) < MIN_GREY_SHARE * pixels:
        return False
    levels = small.convert("L").histogram()
    surface = max(range(256), key=levels.__getitem__)
    near = sum(levels[max(surface - FLAT_WITHIN, 0) : surface + FLAT_WITHIN + 1])
    apart = sum(levels[: max(surface - LETTERING_APART, 0)])
    apart += sum(levels[surface + LETTERING_APART :])
    least, most = LETTERING_SHARE
    return (
        surface in FLAT_LEVELS
        and near >= MIN_FLAT_SHARE * pixels
        and least * pixels <= apart <= most * pixels
    )


def _grey_pixels(image: Image.Image) -> int:
    """Pixels whose channels differ by at most MAX_CHROMA."""
    red, green, blue = image.split()
    chroma = ImageChops.lighter(
        ImageChops.difference(red, green),
        ImageChops.lighter(ImageChops.difference(green, blue), ImageChops.difference(red, blue)),
    )
    return sum(chroma.histogram()[: MAX_CHROMA + 1])
