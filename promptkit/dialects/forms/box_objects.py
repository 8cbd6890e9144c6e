"""Boxes with named sides (``{"x": 10, "y": 20, "w": 30, "h": 40}``), or written as strings.

Named sides need no guess about their order. In a file that declares its canvas they are pixels of
that canvas, unless all are fractions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from promptkit.boxform import Numbers, as_numbers
from promptkit.counted import many
from promptkit.dialects.dialect import Dialect
from promptkit.dialects.draft import Draft, Object, place
from promptkit.dialects.numbers import corners, grid_numbers, number

_SIDES = frozenset({"x", "y", "w", "h", "width", "height", "x1", "y1", "x2", "y2"})


def _detect(draft: Draft) -> bool:
    return any(True for _ in _foreign(draft))


def _apply(draft: Draft) -> None:
    named: dict[int, Numbers] = {}
    for index, element in list(_foreign(draft)):
        box = element.get("bbox")
        loose = element if box is None else box
        if isinstance(loose, dict) and (sides := corners(loose)):
            if box is None:
                for key in _SIDES & element.keys():
                    del element[key]
            named[index] = sides
        elif numbers := as_numbers(_numbers(box)):
            element["bbox"] = list(numbers)
            draft.note(f"{place(index)}: read the box as the four numbers in it")
        else:
            draft.refuse(f"{place(index)}: no four sides can be made out in its bbox")
    _write(draft, named)


def _write(draft: Draft, named: dict[int, Numbers]) -> None:
    sides = [side for box in named.values() for side in box]
    are_pixels = draft.has_canvas and any(side > 1 for side in sides)
    for index, box in named.items():
        draft.set_box(index, grid_numbers(box, draft.size) if are_pixels and draft.size else box)
        draft.y_first.add(index)
    if named:
        how = f"as pixels of {draft.size}" if are_pixels else "in the unit in which they stand"
        number = many(len(named), "box")
        draft.note(f"wrote {number} with named sides y first, read {how}")


def _foreign(draft: Draft) -> Iterator[tuple[int, Object]]:
    for index, element in draft.elements():
        box = element.get("bbox")
        if box is None:
            is_foreign = len(_SIDES & element.keys()) >= 4 and corners(element) is not None
        elif isinstance(box, list):
            is_foreign = as_numbers(box) is None and as_numbers(_numbers(box)) is not None
        else:
            is_foreign = isinstance(box, dict | str)
        if is_foreign:
            yield index, element


def _numbers(box: Any) -> list[Any] | None:
    """The numbers in ``"1, 2, 3, 4"``, ``["1", "2", "3", "4"]`` or ``[[1, 2], [3, 4]]``."""
    if isinstance(box, str) and len(box) < 100:
        return [number(part) for part in box.strip("[]() ").split(",")]
    if not isinstance(box, list) or len(box) > 4:
        return None
    flat = [side for each in box for side in (each if isinstance(each, list) else [each])]
    return [number(side) for side in flat] if len(flat) == 4 else None


DIALECT = Dialect("box-objects", __doc__, _detect, _apply)
