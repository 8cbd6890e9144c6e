"""Boxes as they are written, valid or not, and the mending of their form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from promptkit.document import Kind, Node
from promptkit.geometry import GRID, box_problem
from promptkit.lint.finding import Fix, Safety
from promptkit.lint.mending import replace_value
from promptkit.lint.view import CaptionView, Sides

_NAMES: Final = (
    ("y_min", "x_min", "y_max", "x_max"),
    ("ymin", "xmin", "ymax", "xmax"),
    ("top", "left", "bottom", "right"),
    ("y1", "x1", "y2", "x2"),
)


def boxes(caption: CaptionView) -> Iterator[tuple[Node, Sides]]:
    """Every ``bbox`` that is a list of four finite numbers, wherever it lies."""
    for element in caption.elements:
        node = element.get("bbox")
        if node is not None and element.sides is not None:
            yield node, element.sides


def whole(node: Node, sides: Sides) -> Fix | None:
    """Write the sides as whole numbers: the same ones (safe), or rounded ones (unsafe)."""
    if any(abs(side) > 1e9 for side in sides):
        return None
    exact = all(float(side).is_integer() for side in sides)
    fractions = not exact and all(0 <= side <= 1 for side in sides)
    rounded = [round(side * GRID) if fractions else round(side) for side in sides]
    if not exact and box_problem(*rounded) is not None:
        return None
    edits = tuple(
        replace_value(item, str(number))
        for item, side, number in zip(node.items, sides, rounded, strict=True)
        if not isinstance(side, int)
    )
    if fractions:
        edits = tuple(map(replace_value, node.items, map(str, rounded)))
    title = "Write whole numbers" if exact else f"Write {rounded}"
    return Fix(title, edits, Safety.SAFE if exact else Safety.UNSAFE)


def rewritten(node: Node) -> Fix | None:
    """Four whole numbers made of what stands in place of a box, if they make a good one."""
    sides = _written(node)
    if sides is None or box_problem(*sides) is not None:
        return None
    if len(node.items) != 4 or any(item.items for item in node.items):
        return Fix(f"Write {sides}", (replace_value(node, str(sides)),), Safety.UNSAFE)
    edits = [
        replace_value(item, str(side))
        for item, side in zip(node.items, sides, strict=True)
        if item.kind is Kind.STRING
    ]
    return Fix("Take the quotes off", tuple(edits))


def _written(node: Node) -> list[int] | None:
    if node.kind is Kind.STRING:
        return _integers(re.findall(r"[^\s,;]+", node.string() or ""))
    if node.kind is Kind.OBJECT:
        named = [[node.get(name) for name in names] for names in _NAMES]
        sides = [row for row in named if all(row)]
        return _integers([side.value for side in sides[0] if side]) if sides else None
    flat = [leaf for item in node.items for leaf in item.items or [item]]
    return _integers([leaf.value for leaf in flat])


def _integers(values: Sequence[object]) -> list[int] | None:
    sides = [value.strip() if isinstance(value, str) else value for value in values]
    numbers = [
        int(side)
        for side in sides
        if type(side) is int or (isinstance(side, str) and re.fullmatch(r"-?[0-9]{1,6}", side))
    ]
    return numbers if len(numbers) == len(sides) == 4 else None
