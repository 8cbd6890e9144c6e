"""Set literal text as large as its box allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw
from PIL.ImageFont import FreeTypeFont

from promptkit.sketch.fonts import font_for, is_right_to_left

_PITCH: Final = 1.16
"""Distance of two lines, in font sizes."""
_PROBE: Final = 100
_MAX_LINES: Final = 8
_FILL: Final = 0.92
"""Share of the box's width and height that the ink may fill."""
_WORTH: Final = 1.25
"""How much larger lettering must become for a line to be broken where the caption has no break."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Lines, the font that sets them and their ink; no font means bars in place of glyphs."""

    lines: tuple[str, ...]
    size: int
    font: FreeTypeFont | None


def mask(
    text: str, width: int, height: int, align: str = "center", *, bold: bool = False
) -> Image.Image:
    """The text's ink, an ``L`` picture of ``width`` x ``height`` pixels; ``align`` as in CSS.

    A single line is broken at its spaces where that makes it larger; in a box much higher than wide
    it is turned, or stacked if its script is written so.
    """
    ink = Image.new("L", (width, height))
    if not text.strip() or min(width, height) < 2:
        return ink
    if height > 3 * width and "\n" not in text and len(text) > 2:
        if _is_stacked(text):
            return mask("\n".join(text), width, height, align, bold=bold)
        turned = mask(text, height, width, align, bold=bold)
        return turned.transpose(Image.Transpose.ROTATE_90)
    _draw(ink, _best(text, width, height), align, bold=bold)
    return ink


def _best(text: str, width: int, height: int) -> Setting:
    hard = tuple(line.strip() for line in text.split("\n"))
    options = [hard]
    if len(hard) == 1:
        words = hard[0].split()
        options += [_broken(words, n) for n in range(2, min(len(words), _MAX_LINES) + 1)]
    best, *others = [_largest(lines, width, height) for lines in options]
    for other in others:
        if other.size > _WORTH * best.size:
            best = other
    return best


def _largest(lines: tuple[str, ...], width: int, height: int) -> Setting:
    text = "".join(lines)
    font = font_for(text, _PROBE)
    ink_width = max(_width(line, font, _PROBE) for line in lines)
    ink_height = (len(lines) - 1) * _PITCH * _PROBE + _ink_height(text, font)
    scale = _FILL * min(width / max(ink_width, 1), height / max(ink_height, 1))
    size = max(int(_PROBE * scale), 1)
    return Setting(lines, size, font_for(text, size))


def _draw(ink: Image.Image, setting: Setting, align: str, *, bold: bool) -> None:
    draw = ImageDraw.Draw(ink)
    size, font = setting.size, setting.font
    block = (len(setting.lines) - 1) * _PITCH * size
    stroke = size // 30 if bold else 0
    for number, line in enumerate(setting.lines):
        middle = ink.height / 2 - block / 2 + number * _PITCH * size
        if font is None:
            _draw_bars(draw, line, middle, setting, align, ink.width)
            continue
        left, top, right, bottom = font.getbbox(line)
        x = _start(align, ink.width, right - left) - left
        # Lines with and without descenders keep one baseline where there are several.
        shared = "".join(setting.lines) if len(setting.lines) > 1 else line
        _, top, _, bottom = font.getbbox(shared)
        draw.text((x, middle - (top + bottom) / 2), line, 255, font, stroke_width=stroke)


def _draw_bars(
    draw: ImageDraw.ImageDraw, line: str, middle: float, setting: Setting, align: str, width: int
) -> None:
    """A bar for each word, a square for each character of a script without spaces."""
    size = setting.size
    x = _start(align, width, _width(line, None, size))
    for char in reversed(line) if is_right_to_left(line) else line:
        advance = _advance(char) * size
        if not char.isspace():
            gap = size * (0.06 if _is_wide(char) else -0.01)
            corner = (x + gap, middle - size * 0.36)
            draw.rectangle((*corner, x + advance - gap, middle + size * 0.36), fill=150)
        x += advance


def _start(align: str, room: int, taken: float) -> float:
    margin = room * (1 - _FILL) / 2
    if align == "left":
        return margin
    return room - taken - margin if align == "right" else (room - taken) / 2


def _broken(words: list[str], count: int) -> tuple[str, ...]:
    """Words on ``count`` lines that are about equally long."""
    goal = sum(map(len, words)) / count
    lines: list[list[str]] = [[]]
    taken = 0
    for place, word in enumerate(words):
        left = len(words) - place
        full = taken + len(word) / 2 > goal * len(lines)
        if lines[-1] and len(lines) < count and (full or left <= count - len(lines)):
            lines.append([])
        lines[-1].append(word)
        taken += len(word)
    return tuple(" ".join(line) for line in lines)


def _width(line: str, font: FreeTypeFont | None, size: int) -> float:
    if font is None:
        return sum(_advance(char) for char in line) * size
    left, _, right, _ = font.getbbox(line)
    return right - left


def _ink_height(text: str, font: FreeTypeFont | None) -> float:
    if font is None:
        return 0.72 * _PROBE
    _, top, _, bottom = font.getbbox(text)
    return bottom - top


def _advance(char: str) -> float:
    return 1.0 if _is_wide(char) else 0.3 if char.isspace() else 0.55


def _is_wide(char: str) -> bool:
    return ord(char) >= 0x2E80


def _is_stacked(text: str) -> bool:
    return all(0x2E80 <= ord(char) < 0xFB00 for char in text)
