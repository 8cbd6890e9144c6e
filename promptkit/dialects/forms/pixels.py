"""Boxes in pixels, ``[x_min, y_min, x_max, y_max]``, of a canvas whose size is known.

Found by numbers above 1000, which are never clamped. The order is taken from what fits the canvas
and from the lines of text; where neither tells, x stands first, as in nearly all pixel boxes.
"""

from __future__ import annotations

from promptkit.boxform import Boxed, BoxForm, box_form
from promptkit.dialects.dialect import Dialect
from promptkit.dialects.draft import Draft
from promptkit.dialects.numbers import scale_pixels, swap_axes


def _detect(draft: Draft) -> bool:
    return box_form(Boxed(numbers) for numbers in draft.boxes().values()) is BoxForm.PIXELS


def _apply(draft: Draft) -> None:
    swap_axes(draft, ", as pixel boxes mostly stand; otherwise convert from pixels-y-first")
    scale_pixels(draft)


DIALECT = Dialect(
    "pixels", __doc__, _detect, _apply, frozenset({"x-first", "fractions", "pixels-y-first"})
)
