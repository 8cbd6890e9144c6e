"""The schema's keys as the rules need them, read off the models in ``promptkit.caption``."""

from __future__ import annotations

from typing import Final

from promptkit.caption import ArtStyle, Caption, Composition, ObjElement, PhotoStyle, TextElement
from promptkit.document import Node

ROOT_KEYS: Final = tuple(Caption.model_fields)
COMPOSITION_KEYS: Final = tuple(Composition.model_fields)
PHOTO_KEYS: Final = tuple(PhotoStyle.model_fields)
ART_KEYS: Final = tuple(ArtStyle.model_fields)
OBJ_KEYS: Final = tuple(ObjElement.model_fields)
TEXT_KEYS: Final = tuple(TextElement.model_fields)

KNOWN_KEYS: Final = {
    "root": frozenset(ROOT_KEYS),
    "style": frozenset(PHOTO_KEYS + ART_KEYS),
    "composition": frozenset(COMPOSITION_KEYS),
    "element": frozenset(TEXT_KEYS),
}
"""Every key that may stand in an object of each role, whichever its branch."""


def key_order(role: str, node: Node) -> tuple[str, ...] | None:
    """The order of keys in ``node``, or None where its branch cannot be told."""
    if role == "root":
        return ROOT_KEYS
    if role == "composition":
        return COMPOSITION_KEYS
    if role == "style":
        branches = {"photo": PHOTO_KEYS, "art_style": ART_KEYS}
        present = [order for key, order in branches.items() if node.get(key)]
        return present[0] if len(present) == 1 else None
    kind = node.get("type")
    return {"obj": OBJ_KEYS, "text": TEXT_KEYS}.get(str(kind.value)) if kind else None
