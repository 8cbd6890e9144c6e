"""Which key of the schema somebody meant who wrote another, and objects read in that light.

Rules look at a caption through ``resolved`` and ``find``, so that a misspelt key is one finding and
hides none of what stands behind it.
"""

from __future__ import annotations

import difflib
import re
from functools import cache, lru_cache
from typing import Final, Literal, NamedTuple

from promptkit.document import Kind, Member, Node
from promptkit.lint.schema import (
    ART_KEYS,
    BRANCH_KEYS,
    COMPOSITION_KEYS,
    KNOWN_KEYS,
    OBJ_KEYS,
    PHOTO_KEYS,
    ROOT_KEYS,
    TEXT_KEYS,
    Role,
    home_of,
    kind_of,
)

MAX_MEMBERS: Final = 64
"""An object with more keys than this is no part of a caption that was misspelt."""

_MAX_LENGTH: Final = 40
_CLOSE: Final = 0.75
"""Similarity from which on a key is taken for a slip: 'txt', 'tpye' and 'descripton' pass."""

_SYNONYMS: Final[dict[Role, dict[str, str]]] = {
    "root": {
        "description": "high_level_description",
        "summary": "high_level_description",
        "hld": "high_level_description",
        "style": "style_description",
        "styleblock": "style_description",
        "styledesc": "style_description",
        "composition": "compositional_deconstruction",
        "deconstruction": "compositional_deconstruction",
    },
    "style": {
        "palette": "color_palette",
        "colors": "color_palette",
        "photography": "photo",
        "mood": "aesthetics",
        "media": "medium",
    },
    "composition": {"objects": "elements", "items": "elements", "backdrop": "background"},
    "element": {
        "box": "bbox",
        "boundingbox": "bbox",
        "description": "desc",
        "palette": "color_palette",
        "colors": "color_palette",
        "content": "text",
        "literal": "text",
        "string": "text",
        "kind": "type",
    },
}

_TYPE_ALIASES: Final = {
    "object": "obj", "objects": "obj", "subject": "obj", "character": "obj", "person": "obj",
    "people": "obj", "crowd": "obj", "animal": "obj", "product": "obj", "logo": "obj",
    "icon": "obj", "shape": "obj", "image": "obj", "prop": "obj", "thing": "obj", "item": "obj",
    "graphic": "obj", "decoration": "obj", "bg": "obj", "background": "obj", "foreground": "obj",
    "label": "text", "title": "text", "heading": "text", "headline": "text", "subtitle": "text",
    "caption": "text", "lettering": "text", "typography": "text", "txt": "text", "word": "text",
    "words": "text",
}  # fmt: skip


class Meant(NamedTuple):
    """The known key that an unknown one stands for."""

    key: str
    certain: bool
    """Whether only case, separators or the British spelling of colour differ."""


@lru_cache(maxsize=1024)
def meant(role: Role, name: str) -> Meant | None:
    """The key of ``role`` that ``name`` is a slip or a synonym of; None if none comes near.

    A key that belongs elsewhere in the caption is no slip.
    """
    if len(name) > _MAX_LENGTH or home_of(name) is not None:
        return None
    squashed = _squash(name)
    known = _squashed_keys(role)
    if squashed in known:
        return Meant(known[squashed], certain=True)
    if synonym := _SYNONYMS[role].get(squashed):
        return Meant(synonym, certain=False)
    close = difflib.get_close_matches(squashed, known, n=1, cutoff=_CLOSE)
    return Meant(known[close[0]], certain=False) if close else None


def slips(role: Role, node: Node) -> dict[str, Member]:
    """The members of ``node`` under a misspelt key, by the missing key that each stands for."""
    found: dict[str, Member] = {}
    if len(node.members) > MAX_MEMBERS:
        return found
    for member in node.members:
        slipped = None if member.name in KNOWN_KEYS[role] else meant(role, member.name)
        if slipped is None or slipped.key in found or node.member(slipped.key) is not None:
            continue
        fits = slipped.certain or member.value.kind is kind_of(slipped.key)
        if fits and (slipped.key != "text" or element_type(node) == "text"):
            found[slipped.key] = member
    return found


def resolved(role: Role, node: Node) -> dict[str, Member]:
    """The members that count, by the known key that each has or stands for."""
    known = KNOWN_KEYS[role]
    found = {member.name: member for member in node.members if member.name in known}
    return found if len(found) == len(node.members) else {**slips(role, node), **found}


def find(role: Role, node: Node, key: str) -> Node | None:
    """The value of a known key, also where the key is misspelt."""
    member = node.member(key)
    if member is None and any(each.name not in KNOWN_KEYS[role] for each in node.members):
        member = slips(role, node).get(key)
    return member.value if member else None


def element_type(node: Node) -> Literal["obj", "text"] | None:
    """The type of an element, also where it has a foreign name; None where it cannot be told."""
    kind = node.get("type")
    if kind is None:
        slips = [member for member in node.members[:MAX_MEMBERS] if _means_type(member.name)]
        kind = slips[0].value if slips else None
    name = kind.string() if kind is not None else None
    return type_meant(name) if name is not None else None


def type_meant(name: str) -> Literal["obj", "text"] | None:
    """The type that a type's name stands for; None where it cannot be told."""
    plain = name.strip().lower()
    meaning = plain if plain in ("obj", "text") else _TYPE_ALIASES.get(plain)
    return "obj" if meaning == "obj" else "text" if meaning == "text" else None


def branches(style: Node) -> list[str]:
    """Which of ``photo`` and ``art_style`` a style block has, null left out."""
    found = resolved("style", style)
    return [key for key in BRANCH_KEYS if key in found and found[key].value.kind is not Kind.NULL]


def key_order(role: Role, node: Node) -> tuple[str, ...] | None:
    """The order of keys in ``node``, or None where its branch cannot be told."""
    if role == "root":
        return ROOT_KEYS
    if role == "composition":
        return COMPOSITION_KEYS
    if role == "style":
        orders = {"photo": PHOTO_KEYS, "art_style": ART_KEYS}
        present = branches(node)
        return orders[present[0]] if len(present) == 1 else None
    kind = element_type(node)
    return None if kind is None else TEXT_KEYS if kind == "text" else OBJ_KEYS


def _means_type(name: str) -> bool:
    slipped = None if name in KNOWN_KEYS["element"] else meant("element", name)
    return slipped is not None and slipped.key == "type"


@cache
def _squashed_keys(role: Role) -> dict[str, str]:
    return {_squash(key): key for key in sorted(KNOWN_KEYS[role])}


def _squash(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower().replace("colour", "color")
