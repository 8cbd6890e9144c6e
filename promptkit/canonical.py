"""The exact string the model was trained on, and the same caption laid out for people.

The trained form has the schema's key order, no spaces between tokens and literal UTF-8. Keys that
the schema does not know stay behind those it knows, so that nothing is lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Final

from promptkit.document import Document, Flaw, Kind, Member, Node, read
from promptkit.document.edit import json_string
from promptkit.errors import CaptionError
from promptkit.keys import (
    ART_KEYS,
    COMPOSITION_KEYS,
    OBJ_KEYS,
    PHOTO_KEYS,
    ROOT_KEYS,
    TEXT_KEYS,
    Role,
)

if TYPE_CHECKING:
    from promptkit.caption import Caption

INDENT: Final = 2
"""Spaces of one level in the form for people."""

_CHILDREN: Final[dict[tuple[Role, str], Role]] = {
    ("root", "style_description"): "style",
    ("root", "compositional_deconstruction"): "composition",
    ("composition", "elements"): "element",
}
_SPELLING: Final = frozenset({"unicode-escape", "byte-order-mark", "lone-surrogate"})
"""Flaws that are another spelling of the same value: writing anew loses nothing."""


def canonical(source: Caption | Document) -> str:
    """The exact string the model was trained on.

    Raises:
        CaptionError: if the document does not hold exactly one caption.
    """
    if not isinstance(source, Document):
        return source.to_prompt()
    return canonical_of(source, _only_caption(source))


def canonical_of(document: Document, caption: Node) -> str:
    """The exact string the model was trained on, of one of a document's captions."""
    return "".join(_compact(document, caption, "root"))


def pretty(source: Caption | Document, indent: int = INDENT) -> str:
    """The same caption over several lines, boxes and palettes on one line each.

    Raises:
        CaptionError: if the document does not hold exactly one caption.
    """
    document = source if isinstance(source, Document) else read(source.to_prompt())
    return "".join(_laid_out(document, _only_caption(document), "root", " " * indent, "\n"))


def losses(document: Document) -> list[Flaw]:
    """What would be lost or guessed if the file were replaced by its canonical form."""
    return [flaw for flaw in document.flaws if flaw.slug not in _SPELLING]


def is_caption(document: Document) -> bool:
    """Whether the document holds one object with at least one of a caption's keys."""
    nodes = document.captions
    return len(nodes) == 1 and any(member.name in ROOT_KEYS for member in nodes[0].members)


def _only_caption(document: Document) -> Node:
    if len(document.captions) == 1:
        return document.captions[0]
    if document.captions:
        raise CaptionError([f"{len(document.captions)} captions stand in one file; split it"])
    flaws = document.flaws or (Flaw("empty-file", 0, 0, "there is no caption in it"),)
    places = [(document.position(flaw.start), flaw.message) for flaw in flaws]
    raise CaptionError([f"line {at.line}, column {at.column}: {text}" for at, text in places])


def _compact(document: Document, node: Node, role: Role | None) -> Iterator[str]:
    if node.kind is Kind.OBJECT:
        separator = "{"
        for member in _ordered(node, role):
            yield f"{separator}{json_string(member.name)}:"
            yield from _compact(document, member.value, _child(role, member.name))
            separator = ","
        yield "}" if separator == "," else "{}"
    elif node.kind is Kind.ARRAY:
        separator = "["
        for item in node.items:
            yield separator
            yield from _compact(document, item, role)
            separator = ","
        yield "]" if separator == "," else "[]"
    else:
        yield _scalar(document, node)


def _laid_out(
    document: Document, node: Node, role: Role | None, step: str, newline: str
) -> Iterator[str]:
    inner = newline + step
    if node.members:
        separator = "{"
        for member in _ordered(node, role):
            yield f"{separator}{inner}{json_string(member.name)}: "
            yield from _laid_out(document, member.value, _child(role, member.name), step, inner)
            separator = ","
        yield f"{newline}}}"
    elif any(item.kind in (Kind.OBJECT, Kind.ARRAY) for item in node.items):
        separator = "["
        for item in node.items:
            yield f"{separator}{inner}"
            yield from _laid_out(document, item, role, step, inner)
            separator = ","
        yield f"{newline}]"
    elif node.items:
        yield f"[{', '.join(_scalar(document, item) for item in node.items)}]"
    else:
        yield from _compact(document, node, role)


def _ordered(node: Node, role: Role | None) -> list[Member]:
    """The members that count, those the schema knows first and in its order."""
    last = {member.name: member for member in node.members}
    order = _key_order(role, last)
    if order is None:
        return list(last.values())
    rank = {name: position for position, name in enumerate(order)}
    return sorted(last.values(), key=lambda member: rank.get(member.name, len(rank)))


def _key_order(role: Role | None, members: dict[str, Member]) -> tuple[str, ...] | None:
    if role == "root":
        return ROOT_KEYS
    if role == "composition":
        return COMPOSITION_KEYS
    if role == "style":
        return ART_KEYS if "art_style" in members else PHOTO_KEYS if "photo" in members else None
    if role == "element":
        kind = members["type"].value.string() if "type" in members else None
        return OBJ_KEYS if kind == "obj" else TEXT_KEYS
    return None


def _child(role: Role | None, name: str) -> Role | None:
    return _CHILDREN.get((role, name)) if role else None


def _scalar(document: Document, node: Node) -> str:
    string = node.string()
    if string is not None:
        return json_string(string)
    # As written where that is JSON: 1.50 and 1e400 would not survive a float.
    written = document.text[node.start : node.end]
    if node.kind is Kind.NUMBER and _number().fullmatch(written):
        return written
    return json.dumps(node.value)


@cache
def _number() -> re.Pattern[str]:
    return re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
