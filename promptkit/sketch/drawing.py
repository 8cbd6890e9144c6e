"""Draw the picture: the ground, then the elements in the order of the list, each on the last."""

from __future__ import annotations

from typing import Final

from PIL import Image, ImageDraw

from promptkit.caption import Caption
from promptkit.color import contrast, from_rgb, mix, readable_on
from promptkit.geometry import BBox, Size
from promptkit.sketch import lettering
from promptkit.sketch.fonts import label, label_font
from promptkit.sketch.legend import Area, Chip, add_legend, chip, shortened, touch
from promptkit.sketch.parts import Part, parts_of
from promptkit.sketch.tone import ground_tone, is_transparent

DEFAULT_SIZE: Final = Size(1024, 1024)
LONGEST: Final = 1024
"""Pixels of the drawn picture's longer side."""

_OVERSAMPLE: Final = 2
_OPACITY: Final = 0.86
_GHOST_OPACITY: Final = 0.5
_LEGIBLE: Final = 1.7
"""Contrast below which lettering would vanish in its ground."""
_CHECK: Final = ("#FFFFFF", "#E4E4E8")


def draw(
    caption: Caption, size: Size = DEFAULT_SIZE, *, longest: int = LONGEST, legend: bool = True
) -> Image.Image:
    """The layout of ``caption`` on a picture of ``size``, drawn ``longest`` pixels long.

    Things are panels in their colours, lettering fills its box. Elements without a box are named
    in the legend alone; where no element has one, all stand in a grid with dashed borders. Without
    the ``legend`` the result is the picture alone, with nothing around it.

    Raises:
        ValueError: if ``longest`` is under 64.
    """
    if longest < 64:
        raise ValueError(f"a sketch {longest} pixels long shows nothing; take at least 64")
    scale = longest / max(size)
    shown = Size(max(round(size.width * scale), 1), max(round(size.height * scale), 1))
    canvas = Size(shown.width * _OVERSAMPLE, shown.height * _OVERSAMPLE)
    unit = max(longest // 68, 10) * _OVERSAMPLE
    parts = parts_of(caption.compositional_deconstruction, size)
    picture = _ground(caption, canvas, unit)
    for part in parts:
        _element(picture, part, canvas, unit)
    chips = _numbers(picture, parts, canvas, unit)
    _names(picture, parts, chips, canvas, unit)
    if legend:
        picture = add_legend(picture, caption, parts, size, unit)
    return picture.reduce(_OVERSAMPLE)


def _ground(caption: Caption, canvas: Size, unit: int) -> Image.Image:
    background = caption.compositional_deconstruction.background
    if not is_transparent(background):
        style = caption.style_description
        return Image.new(
            "RGB", canvas, ground_tone(background, style.color_palette if style else ())
        )
    picture = Image.new("RGB", canvas, _CHECK[0])
    pen = ImageDraw.Draw(picture)
    for row, top in enumerate(range(0, canvas.height, unit)):
        for left in range(unit * (row % 2), canvas.width, 2 * unit):
            pen.rectangle((left, top, left + unit - 1, top + unit - 1), fill=_CHECK[1])
    return picture


def _element(picture: Image.Image, part: Part, canvas: Size, unit: int) -> None:
    if part.box is None:
        return
    box = _area(part.box, canvas)
    if part.text is None:
        _thing(picture, part, box, unit)
    else:
        _lettering(picture, part, box, unit)


def _thing(picture: Image.Image, part: Part, box: Area, unit: int) -> None:
    under = _mean(picture, box)
    # Without colours of its own a thing is a shade of what is behind it, each a little different.
    shade = 0.16 + 0.08 * (part.number % 3)
    fill = part.colors[0] if part.colors else mix(under, readable_on(under), shade)
    opacity = _OPACITY if part.is_placed else _GHOST_OPACITY
    _panel(picture, box, fill, opacity, unit // 2)
    seen = mix(under, fill, opacity)
    line = mix(seen, readable_on(seen), 0.55)
    _outline(picture, box, line, unit, dashed=not part.is_placed)
    left, top, _, bottom = box
    pen = ImageDraw.Draw(picture)
    swatch = unit * 0.8
    if bottom - top > 4 * unit:
        for place, color in enumerate(part.colors[1:]):
            x, y = left + unit * (0.5 + place), bottom - unit * 1.3
            pen.rectangle((x, y, x + swatch, y + swatch), color, mix(color, line, 0.5))


def _lettering(picture: Image.Image, part: Part, box: Area, unit: int) -> None:
    left, top, right, bottom = box
    under = _mean(picture, box)
    ink = part.colors[0] if part.colors else readable_on(under)
    panel = part.colors[1] if part.has_panel else None
    if panel is None and contrast(ink, under) < _LEGIBLE:
        others = [color for color in part.colors[1:] if contrast(ink, color) >= _LEGIBLE]
        panel = others[0] if others else mix(under, readable_on(ink), 0.75)
    if panel and contrast(ink, panel) >= _LEGIBLE:
        _panel(picture, box, panel, 1, unit // 4)
        under = panel
    mask = lettering.mask(
        part.text or "", right - left, bottom - top, part.align, bold=part.is_bold
    )
    picture.paste(ink, (left, top), mask)
    _outline(picture, box, mix(under, readable_on(under), 0.4), unit, dashed=True)


def _area(box: BBox, canvas: Size) -> Area:
    """The box in pixels, at least one each way however small the picture is."""
    left, top, right, bottom = box.pixels(canvas)
    left, top = min(left, canvas.width - 1), min(top, canvas.height - 1)
    return left, top, max(right, left + 1), max(bottom, top + 1)


def _panel(picture: Image.Image, box: Area, fill: str, opacity: float, radius: int) -> None:
    left, top, right, bottom = box
    mask = Image.new("L", (right - left, bottom - top))
    corner = min(radius, (right - left) // 4, (bottom - top) // 4)
    shape = (0, 0, right - left - 1, bottom - top - 1)
    ImageDraw.Draw(mask).rounded_rectangle(shape, corner, fill=round(255 * opacity))
    picture.paste(fill, (left, top), mask)


def _outline(picture: Image.Image, box: Area, color: str, unit: int, *, dashed: bool) -> None:
    pen = ImageDraw.Draw(picture)
    left, top, right, bottom = box[0], box[1], box[2] - 1, box[3] - 1
    width = max(unit // 14, 1)
    if not dashed:
        corner = min(unit // 2, (right - left) // 4, (bottom - top) // 4)
        pen.rounded_rectangle((left, top, right, bottom), corner, outline=color, width=width)
        return
    dash = max(unit // 4, 2)
    for x in range(left, right, 2 * dash):
        for y in (top, bottom - width + 1):
            pen.rectangle((x, y, min(x + dash, right), y + width - 1), fill=color)
    for y in range(top, bottom, 2 * dash):
        for x in (left, right - width + 1):
            pen.rectangle((x, y, x + width - 1, min(y + dash, bottom)), fill=color)


def _numbers(picture: Image.Image, parts: list[Part], canvas: Size, unit: int) -> list[Chip]:
    """Every box's number at its top left corner, pushed to the right where one is already there."""
    taken: list[Chip] = []
    for part in parts:
        if part.box is None:
            continue
        left, top, _, _ = _area(part.box, canvas)
        place = Chip(part.number, left, top, part.text is not None, unit)
        if part.text is not None:
            place = place.above()
        while any(touch(place.area, other.area) for other in taken) and place.right < canvas.width:
            place = place.moved_right()
        taken.append(place)
        chip(picture, place)
    return taken


def _names(
    picture: Image.Image, parts: list[Part], chips: list[Chip], canvas: Size, unit: int
) -> None:
    """What each thing is called, where its box has a place that nothing else needs."""
    font = label_font(unit)
    pen = ImageDraw.Draw(picture)
    boxes = {part.number: _area(part.box, canvas) for part in parts if part.box}
    taken = [sign.area for sign in chips]
    taken += [boxes[part.number] for part in parts if part.box and part.text is not None]
    for part in parts:
        if part.box is None or part.text is not None:
            continue
        left, top, right, bottom = boxes[part.number]
        words = shortened(label(part.title), font, right - left - round(2.6 * unit))
        # What is drawn later covers this box, and a name there would be taken for its own.
        covers = [box for number, box in boxes.items() if number > part.number]
        x, width, height = left + 2 * unit, round(font.getlength(words)), round(1.4 * unit)
        for y in range(top, bottom - height, unit):
            area = (x, y, x + width, y + height)
            if words and not any(touch(area, each) for each in (*taken, *covers)):
                ink = readable_on(_mean(picture, area))
                pen.text((x, y + 0.65 * unit), words, ink, font, "lm")
                taken.append(area)
                break


def _mean(picture: Image.Image, box: Area) -> str:
    pixel = picture.crop(box).resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    if not isinstance(pixel, tuple):
        raise TypeError("the canvas of a sketch is RGB")
    red, green, blue = pixel[:3]
    return from_rgb(int(red), int(green), int(blue))
