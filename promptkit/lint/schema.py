"""The schema's keys as the rules need them, read off the models in ``promptkit.caption``."""

from __future__ import annotations

from typing import Final, Literal

from promptkit.caption import ArtStyle, Caption, Composition, ObjElement, PhotoStyle, TextElement
from promptkit.document import Kind

Role = Literal["root", "style", "composition", "element"]
"""What an object is in the schema."""

ROOT_KEYS: Final = tuple(Caption.model_fields)
COMPOSITION_KEYS: Final = tuple(Composition.model_fields)
PHOTO_KEYS: Final = tuple(PhotoStyle.model_fields)
ART_KEYS: Final = tuple(ArtStyle.model_fields)
OBJ_KEYS: Final = tuple(ObjElement.model_fields)
TEXT_KEYS: Final = tuple(TextElement.model_fields)

KNOWN_KEYS: Final[dict[Role, frozenset[str]]] = {
    "root": frozenset(ROOT_KEYS),
    "style": frozenset(PHOTO_KEYS + ART_KEYS),
    "composition": frozenset(COMPOSITION_KEYS),
    "element": frozenset(TEXT_KEYS),
}
"""Every key that may stand in an object of each role, whichever its branch."""

REQUIRED_KEYS: Final[dict[Role, tuple[str, ...]]] = {
    "root": tuple(key for key, field in Caption.model_fields.items() if field.is_required()),
    "style": tuple(
        key
        for key, field in PhotoStyle.model_fields.items()
        if field.is_required() and key in ART_KEYS
    ),
    "composition": COMPOSITION_KEYS,
    "element": tuple(key for key, field in ObjElement.model_fields.items() if field.is_required()),
}
"""The keys that an object of each role must have in either branch."""

BRANCH_KEYS: Final = ("photo", "art_style")
"""Exactly one of them stands in a style block, and says which order of keys it has."""

PARENT_KEYS: Final[dict[Role, str]] = {
    "style": "style_description",
    "composition": "compositional_deconstruction",
}
"""Under which key of the root an object of the role stands."""

_KINDS: Final = {
    "style_description": Kind.OBJECT,
    "compositional_deconstruction": Kind.OBJECT,
    "elements": Kind.ARRAY,
    "bbox": Kind.ARRAY,
    "color_palette": Kind.ARRAY,
}


def kind_of(key: str) -> Kind:
    """What the value of a known key is."""
    return _KINDS.get(key, Kind.STRING)


def home_of(key: str) -> Role | None:
    """Where a key belongs that is known in one role alone; None for all others."""
    homes = [role for role, keys in KNOWN_KEYS.items() if key in keys]
    return homes[0] if len(homes) == 1 else None
