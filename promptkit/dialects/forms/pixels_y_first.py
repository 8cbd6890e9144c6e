"""Boxes in pixels, ``[y_min, x_min, y_max, x_max]``, of a canvas whose size is known.

Found where the numbers fit the canvas in this order alone, or where lines of text lie flat in it.
"""

from __future__ import annotations

from promptkit.boxform import Boxed, BoxForm, Numbers, box_form, is_line, is_upright
from promptkit.dialects.dialect import Dialect
from promptkit.dialects.draft import Draft
from promptkit.dialects.numbers import fits, scale_pixels


def _detect(draft: Draft) -> bool:
    unknown = draft.boxed()
    if box_form(Boxed(box) for box in draft.boxes().values()) is not BoxForm.PIXELS:
        return False
    if not unknown:
        return True
    size = draft.size
    if size is not None:
        flat = all(fits(each.numbers, size) for each in unknown)
        turned = all(fits(each.numbers.swapped(), size) for each in unknown)
        if flat != turned:
            return flat
    return _lies_flat(unknown)


def _lies_flat(boxes: list[Boxed]) -> bool:
    lines = [each.numbers for each in boxes if each.text is not None and is_line(each.text)]
    flat = sum(is_upright(Numbers.swapped(numbers)) for numbers in lines)
    return flat >= 2 and flat * 2 > len(lines)


def _apply(draft: Draft) -> None:
    scale_pixels(draft)


DIALECT = Dialect(
    "pixels-y-first", __doc__, _detect, _apply, frozenset({"x-first", "fractions", "pixels"})
)
