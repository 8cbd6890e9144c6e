"""The legend beside or below the picture: what each number is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from PIL import Image, ImageDraw
from PIL.ImageFont import FreeTypeFont

from promptkit.caption import Caption
from promptkit.color import mix
from promptkit.geometry import Size
from promptkit.sketch.fonts import font_for, label, label_font
from promptkit.sketch.parts import Part, without_loose_end

PAPER: Final = "#FAFAF8"
INK: Final = "#22262B"
TEXT: Final = "#2F63D6"
_GREY: Final = "#6E747B"
_LINE: Final = "#D9DBDD"
_TALL: Final = 1.15
"""Width over height up to which the legend stands beside the picture."""


Area = tuple[int, int, int, int]
"""Left, top, right and bottom, in pixels."""


@dataclass(frozen=True, slots=True)
class Chip:
    """The small sign with an element's number; blue for text."""

    number: int
    left: int
    top: int
    is_text: bool
    unit: int
    is_hollow: bool = False

    @property
    def width(self) -> int:
        return round(self.unit * (1.15 + 0.5 * (len(str(self.number)) - 1)))

    @property
    def height(self) -> int:
        return round(self.unit * 1.25)

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def area(self) -> Area:
        return (self.left, self.top, self.right, self.top + self.height)

    def above(self) -> Chip:
        """The same on top of its box, where the picture has room for it."""
        return replace(self, top=max(self.top - self.height, 0))

    def moved_right(self) -> Chip:
        return replace(self, left=self.right + 2)


def chip(picture: Image.Image, sign: Chip) -> None:
    """Draw the sign."""
    pen = ImageDraw.Draw(picture)
    color = TEXT if sign.is_text else INK
    shape = (sign.left, sign.top, sign.right - 1, sign.top + sign.height - 1)
    fill = PAPER if sign.is_hollow else color
    pen.rounded_rectangle(shape, sign.unit // 4, fill, color, max(sign.unit // 14, 1))
    middle = (sign.left + sign.width / 2, sign.top + sign.height / 2)
    ink = color if sign.is_hollow else "#FFFFFF"
    pen.text(middle, str(sign.number), ink, label_font(round(sign.unit * 0.85)), "mm")


def touch(first: Area, second: Area) -> bool:
    """Whether two areas share a pixel."""
    return (
        first[0] < second[2]
        and second[0] < first[2]
        and first[1] < second[3]
        and second[1] < first[3]
    )


def add_legend(
    picture: Image.Image, caption: Caption, parts: list[Part], size: Size, unit: int
) -> Image.Image:
    """The picture on a sheet, the legend to its right, or below a picture that is wide or short."""
    margin = unit
    column = 22 * unit
    beside = _height(caption, parts, column, 1, unit)
    is_tall = picture.width <= _TALL * picture.height
    if is_tall and (beside <= picture.height or picture.width < 2 * column):
        height = max(picture.height, beside)
        sheet = Image.new("RGB", (picture.width + column + 3 * margin, height + 2 * margin), PAPER)
        at = (picture.width + 2 * margin, margin)
        _legend(sheet, at, column, 1, caption, parts, size, unit)
    else:
        columns = max(picture.width // column, 1)
        height = _height(caption, parts, picture.width, columns, unit)
        sheet = Image.new(
            "RGB", (picture.width + 2 * margin, picture.height + height + 3 * margin), PAPER
        )
        at = (margin, picture.height + 2 * margin)
        _legend(sheet, at, picture.width, columns, caption, parts, size, unit)
    sheet.paste(picture, (margin, margin))
    edge = (margin - 1, margin - 1, margin + picture.width, margin + picture.height)
    ImageDraw.Draw(sheet).rectangle(edge, outline=_LINE, width=2)
    return sheet


def shortened(words: str, font: FreeTypeFont, width: float) -> str:
    """``words``, cut off behind a whole word where they are wider than ``width`` pixels."""
    if font.getlength(words) <= width:
        return words
    while words and font.getlength(f"{words}...") > width:
        cut = words.rfind(" ")
        words = without_loose_end(words[:cut]) if cut > 0 else words[:-1]
    return f"{words.rstrip(' ,;-')}..." if words else ""


def _height(caption: Caption, parts: list[Part], width: int, columns: int, unit: int) -> int:
    rows = -(-len(parts) // columns)
    return round(_head_height(caption, width, unit) + rows * 2.55 * unit)


def _head_height(caption: Caption, width: int, unit: int) -> float:
    lines = len(list(_wrapped(caption.high_level_description or "", width, unit)))
    has_style = caption.style_description is not None
    return (1.4 * lines + 2.6 + (1.8 if has_style and _palette(caption) else 0)) * unit


def _palette(caption: Caption) -> tuple[str, ...]:
    style = caption.style_description
    return tuple(style.color_palette) if style else ()


def _legend(
    sheet: Image.Image,
    at: tuple[int, int],
    width: int,
    columns: int,
    caption: Caption,
    parts: list[Part],
    size: Size,
    unit: int,
) -> None:
    pen = ImageDraw.Draw(sheet)
    left, top = at
    y: float = top
    for line in _wrapped(caption.high_level_description or "", width, unit):
        pen.text((left, y), line, INK, label_font(unit), "la")
        y += 1.4 * unit
    small = label_font(round(unit * 0.85))
    pen.text((left, y + 0.2 * unit), _facts(caption, parts, size), _GREY, small, "la")
    y += 1.6 * unit
    for place, color in enumerate(_palette(caption)):
        x = left + place * 1.35 * unit
        shape = (x, y, x + 1.1 * unit, y + 1.1 * unit)
        pen.rectangle(shape, color, mix(color, INK, 0.25))
    y = top + _head_height(caption, width, unit) - 0.5 * unit
    pen.line((left, y, left + width, y), _LINE, max(unit // 14, 1))
    y += 0.5 * unit
    rows = -(-len(parts) // columns)
    step = width // columns
    for place, part in enumerate(parts):
        column, row = divmod(place, rows)
        spot = (left + column * step, round(y + row * 2.55 * unit))
        _entry(sheet, part, spot, step - unit, unit)


def _entry(sheet: Image.Image, part: Part, at: tuple[int, int], width: int, unit: int) -> None:
    pen = ImageDraw.Draw(sheet)
    left, top = at
    is_text = part.text is not None
    chip(sheet, Chip(part.number, left, top, is_text, unit, is_hollow=not part.is_placed))
    x = left + 2 * unit
    swatches = len(part.colors) * 0.95 * unit
    title = f'"{part.title}"' if is_text else part.title
    font = label_font(unit)
    if is_text and font_for(label(title), unit) is not font:
        font = font_for(part.title, unit) or font
        title = part.title if font_for(part.title, unit) else "(no font here has these letters)"
    words = shortened(label(title), font, width - 2 * unit - swatches)
    pen.text((x, top + 0.62 * unit), words, TEXT if is_text else INK, font, "lm")
    for place, color in enumerate(part.colors):
        spot = left + width - swatches + place * 0.95 * unit
        pen.rectangle(
            (spot, top + 0.25 * unit, spot + 0.7 * unit, top + 0.95 * unit),
            color,
            mix(color, INK, 0.25),
        )
    small = label_font(round(unit * 0.8))
    desc = shortened(label(part.desc), small, width - 2 * unit)
    pen.text((x, top + 1.7 * unit), desc, _GREY, small, "lm")


def _facts(caption: Caption, parts: list[Part], size: Size) -> str:
    style = caption.style_description
    free = sum(not part.is_placed for part in parts)
    facts = [str(size), *([label(style.medium)] if style else []), f"{len(parts)} elements"]
    return " · ".join([*facts, *([f"{free} without a box"] if free else [])])


def _wrapped(words: str, width: int, unit: int) -> Iterator[str]:
    font = label_font(unit)
    line = ""
    for word in label(words).split():
        longer = f"{line} {word}".strip()
        if line and font.getlength(longer) > width:
            yield line
            line = word
        else:
            line = longer
    if line:
        yield line
