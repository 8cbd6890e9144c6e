"""A state of ComfyUI-IdeogramHelper: style, background and elements flat, with editor settings.

Its ``style`` says by ``mode`` which branch counts, and elements may be switched off.
"""

from __future__ import annotations

from typing import Any

from promptkit.dialects.dialect import Dialect
from promptkit.dialects.draft import Draft, Object

_COMMON = ("aesthetics", "lighting", "medium", "color_palette")
_ELEMENT = ("type", "bbox", "desc", "enabled")


def _detect(draft: Draft) -> bool:
    style = draft.root.get("style")
    return (
        isinstance(style, dict)
        and style.get("mode") in ("photo", "art")
        and isinstance(draft.root.get("elements"), list)
    )


def _apply(draft: Draft) -> None:
    if not _detect(draft):
        draft.refuse("this is no state of ComfyUI-IdeogramHelper: its style has no mode")
        return
    state = draft.root
    style, elements = state["style"], state["elements"]
    caption: dict[str, Any] = {"high_level_description": state.get("high_level_description", "")}
    if style.get("enabled") is not False:
        caption["style_description"] = _style(style)
    else:
        draft.note("left out the style block, which is switched off")
    caption["compositional_deconstruction"] = {
        "background": state.get("background", ""),
        "elements": [_element(each) if isinstance(each, dict) else each for each in elements],
    }
    draft.data = caption
    draft.note("read a state of ComfyUI-IdeogramHelper and dropped the editor's own settings")


def _style(style: Object) -> Object:
    branch = "art_style" if style.get("mode") == "art" else "photo"
    kept = {key: style[key] for key in (*_COMMON, branch) if key in style}
    if not kept.get("color_palette"):
        kept.pop("color_palette", None)
    return kept


def _element(element: Object) -> Object:
    # The editor holds every field of both types and leaves out the empty ones when it writes.
    kept = {key: element[key] for key in _ELEMENT if element.get(key) is not None}
    if element.get("type") == "text" or element.get("text"):
        kept["text"] = element.get("text", "")
    if element.get("color_palette"):
        kept["color_palette"] = element["color_palette"]
    return kept


DIALECT = Dialect("ideogram-helper", __doc__, _detect, _apply)
