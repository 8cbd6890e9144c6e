"""A canvas as the SurpassHR ideogram4-editor saves it: camel-case keys, boxes in canvas pixels.

The editor's JSON panel writes ordinary captions; its workspace and favourites hold this form.
"""

from __future__ import annotations

from typing import Any

from promptkit.boxform import Numbers
from promptkit.counted import many
from promptkit.dialects.dialect import Dialect
from promptkit.dialects.draft import Draft, Object
from promptkit.dialects.numbers import corners, grid_numbers
from promptkit.geometry import Size


def _detect(draft: Draft) -> bool:
    return isinstance(draft.root.get("boxes"), list) and "canvasW" in draft.root


def _apply(draft: Draft) -> None:
    if not _detect(draft):
        draft.refuse("this is no canvas of the ideogram4-editor: it has no boxes or no canvasW")
        return
    canvas = draft.root
    size = draft.size
    if size is None:
        draft.refuse("the canvas has no size: /canvasW and /canvasH are not two whole numbers")
        return
    style = {
        "aesthetics": canvas.get("aesthetics", ""),
        "lighting": canvas.get("lighting", ""),
        "medium": canvas.get("medium", ""),
        # The editor keeps both branches in one field, and 0 for a photograph.
        "art_style" if canvas.get("photoArtStyleMode") else "photo": canvas.get("artStyle", ""),
    }
    if palette := canvas.get("globalPalette"):
        style["color_palette"] = palette
    boxes = canvas["boxes"]
    draft.data = {
        "high_level_description": canvas.get("highLevelDescription", ""),
        "style_description": style,
        "compositional_deconstruction": {
            "background": canvas.get("background", ""),
            "elements": [_element(box, size) for box in boxes if isinstance(box, dict)],
        },
    }
    draft.y_first |= set(range(len(boxes)))
    number = many(len(boxes), "box")
    draft.note(f"read a canvas of the ideogram4-editor with {number} in pixels of {size}")


def _element(box: Object, size: Size) -> dict[str, Any]:
    element: dict[str, Any] = {"type": box.get("mode", "obj")}
    if numbers := corners(box):
        element["bbox"] = list(grid_numbers(Numbers(*numbers), size))
    if element["type"] == "text":
        element["text"] = box.get("text", "")
    element["desc"] = box.get("desc", "")
    if colors := box.get("colors"):
        element["color_palette"] = colors
    return element


DIALECT = Dialect("ideogram4-editor", __doc__, _detect, _apply)
