"""The elements with a box that can be compared with each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, islice
from typing import Final, NamedTuple

from promptkit.document import Node
from promptkit.geometry import BBox
from promptkit.lint.view import ElementView

COMPARED: Final = 128
"""More boxed elements than the 2048 tokens of a caption hold: a box alone takes 19 of them. It
bounds the rules that compare each element with each other."""


class Placed(NamedTuple):
    """An element and its box."""

    element: ElementView
    box: BBox
    node: Node
    """The value of ``bbox``."""


def placed(elements: Iterable[ElementView]) -> Iterator[Placed]:
    """The elements that have a sound box."""
    for element in elements:
        node, box = element.get("bbox"), element.bbox
        if node is not None and box is not None:
            yield Placed(element, box, node)


def pairs(elements: Iterable[ElementView]) -> Iterator[tuple[Placed, Placed]]:
    """Every two of the elements that have a sound box, the earlier one first."""
    return combinations(islice(placed(elements), COMPARED), 2)
