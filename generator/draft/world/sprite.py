"""Silhouettes of the draft world, as data: each kind is a list of strokes on a 100 x 100 sheet.

A stroke is (tone, shape, numbers). Tones: `main` and `accent` take the two colours of a thing,
`dark` and `light` shade the main colour, `hole` erases. Later strokes cover earlier ones.
Shapes: `poly` x0 y0 x1 y1 ...; `oval` and `rect` left top right bottom; `round` the same with a
corner radius; `pie` left top right bottom start end (degrees clockwise from three o'clock);
`line` width x0 y0 x1 y1 ....
"""

from __future__ import annotations

from dataclasses import dataclass

Stroke = tuple[str, str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Sprite:
    """A kind of thing: its words, its accent part (or none), whether it has a facing."""

    words: tuple[str, ...]
    strokes: tuple[Stroke, ...]
    part: str = ""
    faces: bool = False
