"""Compose, check and template structured captions for the Ideogram 4 image model.

The names below are loaded when they are first used, so that ``import promptkit`` costs nothing.

    from promptkit import Caption, check, obj, photo, text
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from promptkit.caption import (
        ArtStyle,
        Caption,
        Composition,
        ObjElement,
        PhotoStyle,
        TextElement,
        art,
        obj,
        photo,
        text,
    )
    from promptkit.document import read
    from promptkit.geometry import BBox, Size, box, centered, xywh, xyxy
    from promptkit.lint.engine import lint as check
    from promptkit.lint.fixing import fix
    from promptkit.templating import render, variants

__all__ = [
    "ArtStyle",
    "BBox",
    "Caption",
    "Composition",
    "ObjElement",
    "PhotoStyle",
    "Size",
    "TextElement",
    "art",
    "box",
    "centered",
    "check",
    "fix",
    "obj",
    "photo",
    "read",
    "render",
    "text",
    "variants",
    "xywh",
    "xyxy",
]

_CAPTION = "promptkit.caption"
_GEOMETRY = "promptkit.geometry"
_HOMES = {
    "ArtStyle": (_CAPTION, "ArtStyle"),
    "BBox": (_GEOMETRY, "BBox"),
    "Caption": (_CAPTION, "Caption"),
    "Composition": (_CAPTION, "Composition"),
    "ObjElement": (_CAPTION, "ObjElement"),
    "PhotoStyle": (_CAPTION, "PhotoStyle"),
    "Size": (_GEOMETRY, "Size"),
    "TextElement": (_CAPTION, "TextElement"),
    "art": (_CAPTION, "art"),
    "box": (_GEOMETRY, "box"),
    "centered": (_GEOMETRY, "centered"),
    # The package promptkit.lint has the verb's own name, so the verb is "check" here.
    "check": ("promptkit.lint.engine", "lint"),
    "fix": ("promptkit.lint.fixing", "fix"),
    "obj": (_CAPTION, "obj"),
    "photo": (_CAPTION, "photo"),
    "read": ("promptkit.document", "read"),
    "render": ("promptkit.templating", "render"),
    "text": (_CAPTION, "text"),
    "variants": ("promptkit.templating", "variants"),
    "xywh": (_GEOMETRY, "xywh"),
    "xyxy": (_GEOMETRY, "xyxy"),
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        module, attribute = _HOMES[name]
        value = getattr(import_module(module), attribute)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
