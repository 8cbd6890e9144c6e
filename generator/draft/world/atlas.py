"""The tile atlas: every silhouette and every glyph, drawn once, at several sizes.

A tile is a square sheet of three channels in [0, 1]: coverage, share of the accent colour, and
shade (0.5 neutral, 0 dark, 1 light). Silhouettes fill their sheet edge to edge, so that a box
drawn with a tile is tight; glyphs keep a common baseline and pitch.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from generator.draft.world.sprite import Stroke
from generator.draft.world.sprites import SPRITES, facings

GLYPHS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!?&-.,:'+%#$"
SIZES = (128, 64, 32, 16, 8)
"""Sides of the stored versions of a tile, in pixels."""
_SHEET = 512
_TONES = {"main": (0, 0.5), "accent": (1, 0.5), "dark": (0, 0.0), "light": (0, 1.0)}

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Atlas:
    """Tiles by index (0 is empty); `levels[k]` has shape [tiles, SIZES[k], SIZES[k], 3]."""

    levels: tuple[Floats, ...]
    sprites: dict[tuple[str, str], int]
    glyphs: dict[str, int]
    aspects: dict[str, float]
    """Width over height of each kind as drawn, facing right."""


@lru_cache(maxsize=1)
def atlas() -> Atlas:
    """Draw the atlas; takes about a second."""
    tiles = [np.zeros((SIZES[0], SIZES[0], 3), np.float32)]
    sprites: dict[tuple[str, str], int] = {}
    aspects: dict[str, float] = {}
    for kind, sprite in SPRITES.items():
        sheet, aspects[kind] = _tight(_draw(sprite.strokes))
        for facing in facings(kind):
            sprites[kind, facing] = len(tiles)
            tiles.append(_as_tile(_turned(sheet, facing)))
    glyphs: dict[str, int] = {}
    for char in GLYPHS:
        glyphs[char] = len(tiles)
        tiles.append(_glyph(char))
    top = np.stack(tiles)
    return Atlas(tuple(_shrunk(top, size) for size in SIZES), sprites, glyphs, aspects)


def _draw(strokes: tuple[Stroke, ...]) -> tuple[Image.Image, Image.Image, Image.Image]:
    """Coverage, accent and shade planes of one silhouette, without antialiasing."""
    planes = tuple(Image.new("L", (_SHEET, _SHEET), v) for v in (0, 0, 128))
    pens = [ImageDraw.Draw(plane) for plane in planes]
    for tone, shape, numbers in strokes:
        accent, shade = _TONES.get(tone, (0, 0.5))
        for pen, ink in zip(pens, (tone != "hole", accent, shade), strict=True):
            _stroke(pen, shape, numbers, round(ink * 255))
    return planes  # type: ignore[return-value]


def _stroke(pen: ImageDraw.ImageDraw, shape: str, numbers: tuple[float, ...], ink: int) -> None:
    k = (_SHEET - 1) / 100
    n = [v * k for v in numbers]
    match shape:
        case "poly":
            pen.polygon(n, fill=ink)
        case "oval":
            pen.ellipse(n, fill=ink)
        case "rect":
            pen.rectangle(n, fill=ink)
        case "round":
            pen.rounded_rectangle(n[:4], n[4], fill=ink)
        case "pie":
            pen.pieslice(n[:4], numbers[4], numbers[5], fill=ink)
        case "line":
            pen.line(n[1:], fill=ink, width=round(n[0]), joint="curve")
        case _:
            raise ValueError(f"unknown stroke shape {shape!r} in the sprite table")


def _tight(planes: tuple[Image.Image, ...]) -> tuple[tuple[Image.Image, ...], float]:
    """Crop the planes to their coverage; also its width over height."""
    box = planes[0].getbbox()
    if box is None:
        raise ValueError("a silhouette of the sprite table covers nothing")
    return tuple(p.crop(box) for p in planes), (box[2] - box[0]) / (box[3] - box[1])


def _turned(planes: tuple[Image.Image, ...], facing: str) -> tuple[Image.Image, ...]:
    turn = {
        "left": Image.Transpose.FLIP_LEFT_RIGHT,
        "up": Image.Transpose.ROTATE_90,
        "down": Image.Transpose.ROTATE_270,
    }
    return tuple(p.transpose(turn[facing]) for p in planes) if facing in turn else planes


def _as_tile(planes: tuple[Image.Image, ...]) -> Floats:
    """Shrink to the largest tile size with a box filter, so that edges are antialiased."""
    side = (SIZES[0], SIZES[0])
    shrunk = [np.asarray(p.resize(side, Image.Resampling.BOX), np.float32) / 255 for p in planes]
    return np.stack(shrunk, axis=-1)


def _glyph(char: str) -> Floats:
    """One letter of Pillow's own font, emboldened, centred in a cell of fixed pitch.

    Cells are squeezed to squares; a line of text restores their shape, 0.72 wide to 1 high.
    """
    high, wide = 400, 288
    font = ImageFont.load_default(400)
    sheet = Image.new("L", (wide, high), 0)
    left, _, right, _ = font.getbbox(char, stroke_width=11)
    glyph = Image.new("L", (int(right - left), 560), 0)
    ImageDraw.Draw(glyph).text((-left, 0), char, 255, font, stroke_width=11)
    body = glyph.crop((0, 80, glyph.width, 510))  # ascender to descender of this font
    body = body.resize((min(body.width, wide - 12), high), Image.Resampling.LANCZOS)
    sheet.paste(body, ((wide - body.width) // 2, 0))
    cover = np.asarray(sheet.resize((SIZES[0], SIZES[0]), Image.Resampling.BOX), np.float32) / 255
    return np.stack([cover, np.zeros_like(cover), np.full_like(cover, 0.5)], axis=-1)


def _shrunk(tiles: Floats, size: int) -> Floats:
    k = tiles.shape[1] // size
    shrunk: Floats = tiles.reshape(len(tiles), size, k, size, k, 3).mean((2, 4), dtype=np.float32)
    return shrunk
