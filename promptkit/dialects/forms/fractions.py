"""Boxes as fractions 0..1 of the picture's sides, y first unless the texts show otherwise."""

from __future__ import annotations

from promptkit.boxform import Boxed, BoxForm, box_form
from promptkit.counted import many
from promptkit.dialects.dialect import Dialect
from promptkit.dialects.draft import Draft
from promptkit.dialects.numbers import grid_numbers
from promptkit.geometry import Size


def _detect(draft: Draft) -> bool:
    return box_form(Boxed(numbers) for numbers in draft.boxes().values()) is BoxForm.FRACTIONS


def _apply(draft: Draft) -> None:
    boxes = draft.boxes()
    if any(not 0 <= side <= 1 for box in boxes.values() for side in box):
        draft.refuse("the boxes are no fractions: some of their numbers are not within 0..1")
        return
    for index, box in boxes.items():
        draft.set_box(index, grid_numbers(box, Size(1, 1)))
    first = "" if draft.y_first else ", read y first; for x first convert from x-first"
    draft.note(f"scaled {many(len(boxes), 'box')} from fractions to 0..1000{first}")


DIALECT = Dialect("fractions", __doc__, _detect, _apply, frozenset({"pixels", "pixels-y-first"}))
