"""In which form the four numbers of boxes are meant, told from the boxes and their texts.

People and language models also write boxes x first, in pixels, or as fractions of the picture. The
numbers alone seldom say so; what the boxes hold does: a single line of lettering is wider than it
is tall, so where most such boxes stand upright the two axes have been swapped.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from promptkit.document import Node
from promptkit.geometry import GRID, Size

MIN_CHARACTERS: Final = 4
"""Shorter lines (numbers, initials) may well stand in an upright box."""
MIN_UPRIGHT: Final = 2
"""One upright line may be a vertical sign; two, and a majority, are a swapped order. On 180
captions from public repositories this finds 6 of 8 x-first ones, and no other."""


class BoxForm(StrEnum):
    """What four numbers of a box may be."""

    GRID = "grid"
    """y first, 0..1000: the trained form, or nothing that speaks against it."""
    X_FIRST = "x-first"
    """0..1000, but x first."""
    FRACTIONS = "fractions"
    """0..1 of the picture's sides."""
    PIXELS = "pixels"
    """Some number is above 1000: pixels, or a grid of another size. Never to be clamped."""


class Numbers(NamedTuple):
    """The four numbers of a box as they are written, whatever they mean."""

    first: float
    second: float
    third: float
    fourth: float

    def swapped(self) -> Numbers:
        """The same box with its axes exchanged."""
        return Numbers(self.second, self.first, self.fourth, self.third)


@dataclass(frozen=True, slots=True)
class Boxed:
    """A box and the literal text that it holds, if it holds any."""

    numbers: Numbers
    text: str | None = None


def as_numbers(value: object) -> Numbers | None:
    """Four finite numbers in a list, or None if ``value`` is anything else."""
    if not isinstance(value, list) or len(value) != 4:
        return None
    for side in value:
        # A huge integer is finite, but no float holds it; and nothing compares with NaN.
        if type(side) not in (int, float) or not abs(side) < 1e9:
            return None
    return Numbers(*value)


def numbers_of(node: Node | None) -> Numbers | None:
    """The four finite numbers of a ``bbox`` value, or None if it is anything else."""
    return as_numbers([item.value for item in node.items]) if node else None


def boxes_in(elements: Iterable[Node]) -> list[Boxed]:
    """Every box of the elements that is four numbers, with the element's ``text``."""
    boxes: list[Boxed] = []
    for element in elements:
        numbers = numbers_of(element.get("bbox"))
        if numbers is not None:
            text = element.get("text")
            boxes.append(Boxed(numbers, text.string() if text else None))
    return boxes


def box_form(boxes: Iterable[Boxed], size: Size | None = None) -> BoxForm:
    """The form of a caption's boxes, judged together."""
    boxes = list(boxes)
    sides = [side for each in boxes for side in each.numbers]
    if any(side > GRID for side in sides):
        return BoxForm.PIXELS
    if all(0 <= side <= 1 for side in sides) and any(0 < side < 1 for side in sides):
        return BoxForm.FRACTIONS
    return BoxForm.X_FIRST if is_x_first(boxes, size) else BoxForm.GRID


def is_x_first(boxes: Iterable[Boxed], size: Size | None = None) -> bool:
    """Whether lines of text stand upright in most of their boxes, as they do with swapped axes.

    ``size`` is the picture's where it is known: the grid is stretched to its shape.
    """
    lines = [each for each in boxes if each.text is not None and is_line(each.text)]
    upright = sum(is_upright(each.numbers, size) for each in lines)
    return upright >= MIN_UPRIGHT and upright * 2 > len(lines)


def is_line(text: str) -> bool:
    """Whether ``text`` is drawn as one horizontal line; short and East Asian text may not be."""
    line = text.strip()
    if len(line) < MIN_CHARACTERS or "\n" in line:
        return False
    return not any(unicodedata.east_asian_width(char) in "WF" for char in line)


def is_upright(numbers: Numbers, size: Size | None = None) -> bool:
    """Whether a box is taller than wide if read y first, and wider than tall if read x first."""
    return _is_tall(numbers, size) and not _is_tall(numbers.swapped(), size)


def _is_tall(numbers: Numbers, size: Size | None) -> bool:
    width, height = size or (1, 1)
    across = (numbers.fourth - numbers.second) * width
    return (numbers.third - numbers.first) * height > across > 0


def figure(number: float) -> str:
    """A coordinate as it is told to people; a whole number may be too long for a float."""
    try:
        return f"{number:.12g}"
    except OverflowError:
        return "a number of hundreds of digits"
