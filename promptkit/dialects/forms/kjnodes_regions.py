"""The region list of the KJNodes prompt builder: a JSON list of boxes in fractions, no scene.

It is the ``elements_data`` of a saved workflow: the elements alone. What the picture shows besides
stands in other fields of the node, so the background has to be written by hand.
"""

from __future__ import annotations

from typing import Any

from promptkit.counted import many
from promptkit.dialects.dialect import Dialect
from promptkit.dialects.draft import Draft, Object
from promptkit.dialects.numbers import corners, grid_numbers
from promptkit.geometry import Size


def _detect(draft: Draft) -> bool:
    regions = draft.data
    return (
        isinstance(regions, list)
        and bool(regions)
        and all(isinstance(each, dict) and {"x", "y", "w", "h"} <= each.keys() for each in regions)
    )


def _apply(draft: Draft) -> None:
    if not _detect(draft):
        draft.refuse("this is no list of regions with x, y, w and h")
        return
    elements = []
    for index, region in enumerate(draft.data):
        box = corners(region)
        if box is None or not all(-0.01 <= side <= 1.01 for side in box):
            draft.refuse(f"/{index}: its x, y, w and h are not fractions of the picture")
        else:
            inside = grid_numbers(box, Size(1, 1))
            elements.append(_element(region, [min(max(int(side), 0), 1000) for side in inside]))
    draft.data = {"compositional_deconstruction": {"elements": elements}}
    draft.y_first |= set(range(len(elements)))
    number = many(len(elements), "region")
    draft.note(f"read {number} of the KJNodes prompt builder, which hold no background; write one")


def _element(region: Object, box: list[int]) -> Object:
    element: dict[str, Any] = {"type": region.get("type", "obj")}
    if not region.get("nobbox"):
        element["bbox"] = box
    if region.get("text") or element["type"] == "text":
        element["text"] = region.get("text", "")
    element["desc"] = region.get("desc", "")
    if region.get("palette"):
        element["color_palette"] = region["palette"]
    return element


DIALECT = Dialect("kjnodes-regions", __doc__, _detect, _apply)
