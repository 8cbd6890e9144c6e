"""The schema as the rules need it.

Its keys come from ``promptkit.keys``: linting must not wait for pydantic.
"""

from __future__ import annotations

from typing import Final

from promptkit.document import Kind
from promptkit.document.edit import json_string
from promptkit.keys import (
    ART_KEYS,
    COMPOSITION_KEYS,
    OBJ_KEYS,
    PHOTO_KEYS,
    REQUIRED_KEYS,
    ROOT_KEYS,
    TEXT_KEYS,
    Role,
)

__all__ = [
    "ART_KEYS",
    "COMPOSITION_KEYS",
    "OBJ_KEYS",
    "PHOTO_KEYS",
    "REQUIRED_KEYS",
    "ROOT_KEYS",
    "TEXT_KEYS",
    "Role",
]

ROLE_NAMES: Final[dict[Role, str]] = {
    "root": "caption",
    "style": "style block",
    "composition": "composition",
    "element": "element",
}
"""How messages call an object of each role."""

KNOWN_KEYS: Final[dict[Role, frozenset[str]]] = {
    "root": frozenset(ROOT_KEYS),
    "style": frozenset(PHOTO_KEYS + ART_KEYS),
    "composition": frozenset(COMPOSITION_KEYS),
    "element": frozenset(TEXT_KEYS),
}
"""Every key that may stand in an object of each role, whichever its branch."""

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


def kind_name(kind: Kind) -> str:
    """A kind of JSON value with its article."""
    return "null" if kind is Kind.NULL else f"{'an' if kind.value[0] in 'ao' else 'a'} {kind}"


def quoted(name: str) -> str:
    """A key or value of the user's as a message shows it: quoted, on one line, not too long."""
    return json_string(name if len(name) <= 40 else f"{name[:39]}…")
