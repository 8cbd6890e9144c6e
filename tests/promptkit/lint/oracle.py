"""What the reference verifier complains about, said again in our own words.

The official ``caption_verifier.py`` of ideogram-oss/ideogram4 stops early in many places; what it
would say first is enough here, because the linter only has to say something whenever it does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

_ORDERS = {
    "photo": ["aesthetics", "lighting", "photo", "medium", "color_palette"],
    "art": ["aesthetics", "lighting", "medium", "art_style", "color_palette"],
    "obj": ["type", "bbox", "desc", "color_palette"],
    "text": ["type", "bbox", "text", "desc", "color_palette"],
}
_MAY_BE_MISSING = {"bbox", "color_palette"}
_PARTS = {"high_level_description", "style_description", "compositional_deconstruction"}


def complaints(text: str) -> list[str]:
    """What the verifier says about a file's text, in brief; empty where it is content."""
    found = ["escapes"] if _escapes(text) else []
    try:
        caption = json.loads(text)
    except (ValueError, RecursionError):
        return [*found, "no JSON"]
    return [*found, *_about_caption(caption)]


def _escapes(text: str) -> bool:
    # Looks at the text alone, so that an escaped backslash before "u00e9" counts, too.
    codes = [int(digits, 16) for digits in re.findall(r"\\u([0-9a-fA-F]{4})", text)]
    return text.isascii() and any(code > 0x7F for code in codes)


def _about_caption(caption: object) -> Iterator[str]:
    if not isinstance(caption, dict):
        yield "no object"
        return
    if set(caption) - _PARTS:
        yield "unknown part"
    if not isinstance(caption.get("high_level_description", ""), str):
        yield "high-level description is no string"
    if "style_description" in caption:
        yield from _about_style(caption["style_description"])
    if "compositional_deconstruction" not in caption:
        yield "no composition"
    else:
        yield from _about_composition(caption["compositional_deconstruction"])


def _about_style(style: object) -> Iterator[str]:
    if not isinstance(style, dict):
        yield "style is no object"
        return
    branches = [
        branch for branch, key in (("photo", "photo"), ("art", "art_style")) if key in style
    ]
    if len(branches) != 1:
        yield f"{len(branches)} style branches"
    else:
        yield from _about_keys(style, _ORDERS[branches[0]])
        yield from _about_palette(style, 16)


def _about_composition(composition: object) -> Iterator[str]:
    if not isinstance(composition, dict):
        yield "composition is no object"
    elif not isinstance(composition.get("background"), str):
        yield "no background, or none that is a string"
    elif not isinstance(composition.get("elements"), list):
        yield "no elements, or none that are a list"
    else:
        yield from _about_keys(composition, ["background", "elements"])
        for element in composition["elements"]:
            yield from _about_element(element)


def _about_element(element: object) -> Iterator[str]:
    if not isinstance(element, dict):
        yield "element is no object"
    elif not isinstance(element.get("type"), str) or element["type"] not in ("obj", "text"):
        yield "element of no known type"
    else:
        yield from _about_keys(element, _ORDERS[element["type"]])
        yield from _about_palette(element, 5)
        if "bbox" in element and not _is_box(element["bbox"]):
            yield "bad box"


def _about_keys(block: dict[str, object], order: list[str]) -> Iterator[str]:
    due = [key for key in order if key in block or key not in _MAY_BE_MISSING]
    if [key for key in block if key in order] != due:
        yield "keys missing or out of order"
    if set(block) - set(order):
        yield "unknown key"


def _about_palette(block: dict[str, object], most: int) -> Iterator[str]:
    palette = block.get("color_palette", [])
    if not isinstance(palette, list) or len(palette) > most or not all(map(_is_color, palette)):
        yield "bad palette"


def _is_color(color: object) -> bool:
    return isinstance(color, str) and re.fullmatch("#[0-9A-F]{6}", color) is not None


def _is_box(box: object) -> bool:
    if not isinstance(box, list) or len(box) != 4 or not all(isinstance(v, int) for v in box):
        return False
    y_min, x_min, y_max, x_max = map(int, box)
    return 0 <= y_min <= y_max <= 1000 and 0 <= x_min <= x_max <= 1000
