"""Boxes as ``[x_min, y_min, x_max, y_max]``: the order of most other tools and of many models.

Found where single lines of text stand upright in their boxes: two of them, and a majority.
"""

from __future__ import annotations

from promptkit.boxform import is_x_first
from promptkit.dialects.dialect import Dialect
from promptkit.dialects.draft import Draft
from promptkit.dialects.numbers import swap_axes


def _detect(draft: Draft) -> bool:
    return is_x_first(draft.boxed(), draft.size)


def _apply(draft: Draft) -> None:
    swap_axes(draft)


DIALECT = Dialect("x-first", __doc__, _detect, _apply, frozenset({"pixels-y-first"}))
