"""The order of a caption's keys, as the schema's models have it; unknown keys go behind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from promptkit.caption import ArtStyle, Caption, Composition, ObjElement, PhotoStyle, TextElement
from promptkit.dialects.draft import Object


def in_order(root: Object) -> Object:
    """A copy whose keys stand in the trained order."""
    ordered = _sorted(root, Caption.model_fields)
    style = ordered.get("style_description")
    if isinstance(style, dict):
        branch = ArtStyle if "art_style" in style else PhotoStyle
        ordered["style_description"] = _sorted(style, branch.model_fields)
    composition = ordered.get("compositional_deconstruction")
    if isinstance(composition, dict):
        composition = _sorted(composition, Composition.model_fields)
        ordered["compositional_deconstruction"] = composition
        if isinstance(elements := composition.get("elements"), list):
            composition["elements"] = [_element(each) for each in elements]
    return ordered


def _element(element: Any) -> Any:
    if not isinstance(element, dict):
        return element
    is_text = element.get("type") == "text"
    return _sorted(element, TextElement.model_fields if is_text else ObjElement.model_fields)


def _sorted(item: Object, order: Iterable[str]) -> Object:
    known = [key for key in order if key in item]
    return {key: item[key] for key in (*known, *(key for key in item if key not in known))}
