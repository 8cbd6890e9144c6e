"""Boxes as ``[x, y, width, height]``. Only when asked for: the numbers do not give it away."""

from __future__ import annotations

from promptkit.dialects.dialect import Dialect
from promptkit.dialects.draft import Draft
from promptkit.dialects.numbers import from_extent


def _detect(_: Draft) -> bool:
    return False


def _apply(draft: Draft) -> None:
    for index, box in draft.boxes().items():
        if index not in draft.y_first:
            draft.set_box(index, from_extent(box).swapped())
            draft.y_first.add(index)
    draft.note("turned boxes from x, y, width, height into y_min, x_min, y_max, x_max")


DIALECT = Dialect("xywh", __doc__, _detect, _apply, frozenset({"x-first", "pixels-y-first"}))
