"""The exact string the model was trained on, and the same caption laid out for people.

The trained form has the schema's key order, no spaces between tokens and literal UTF-8. Keys that
the schema does not know stay behind those it knows, so that nothing is lost.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from promptkit.document import Document, Flaw, Kind, Node, read
from promptkit.document.edit import escaped_surrogates, json_string
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

_CHILDREN: Final[dict[tuple[Role | None, str], Role]] = {
    ("root", "style_description"): "style",
    ("root", "compositional_deconstruction"): "composition",
    ("composition", "elements"): "element",
}
_SPELLING: Final = frozenset({"unicode-escape", "byte-order-mark", "lone-surrogate"})
"""Flaws that are another spelling of the same value: writing anew loses nothing."""


_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def canonical(source: Caption | Document) -> str:
    """The exact string the model was trained on.

    Raises:
        CaptionError: if the document does not hold exactly one caption.
    """
    if not isinstance(source, Document):
        return source.to_prompt()
    return canonical_of(_only_caption(source))


def canonical_of(caption: Node) -> str:
    """The exact string the model was trained on, of one of a document's captions."""
    return _compact(_ordered(caption, "root"))


def canonical_element(element: Node) -> str:
    """An element as it stands in the canonical string."""
    return _compact(_ordered(element, "element"))


def pretty(source: Caption | Document, indent: int = INDENT) -> str:
    """The same caption over several lines, boxes and palettes on one line each.

    Raises:
        CaptionError: if the document does not hold exactly one caption.
    """
    document = source if isinstance(source, Document) else read(source.to_prompt())
    value = _ordered(_only_caption(document), "root")
    return "".join(_laid_out(value, " " * indent, "\n"))


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


def _compact(value: Any) -> str:
    """JSON without spaces, with literal UTF-8 wherever UTF-8 can hold the character."""
    return escaped_surrogates(_ENCODE(value))


def _laid_out(value: Any, step: str, newline: str) -> Iterator[str]:
    inner = newline + step
    if isinstance(value, dict) and value:
        separator = "{"
        for key, item in value.items():
            yield f"{separator}{inner}{json_string(key)}: "
            yield from _laid_out(item, step, inner)
            separator = ","
        yield f"{newline}}}"
    elif isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value):
        separator = "["
        for item in value:
            yield f"{separator}{inner}"
            yield from _laid_out(item, step, inner)
            separator = ","
        yield f"{newline}]"
    elif isinstance(value, list):
        yield f"[{', '.join(map(_compact, value))}]"
    else:
        yield _compact(value)


def _ordered(node: Node, role: Role | None) -> Any:
    """The node as Python data, its keys in the order of the schema and unknown ones behind."""
    if node.kind is Kind.ARRAY:
        return [_ordered(item, role) for item in node.items]
    if node.kind is not Kind.OBJECT:
        return node.value
    # Of duplicates the last one counts, as every JSON parser has it.
    values = {member.name: member.value for member in node.members}
    order = _key_order(role, values) or ()
    names = [*(name for name in order if name in values)]
    if len(names) < len(values):
        names += [name for name in values if name not in order]
    return {name: _ordered(values[name], _CHILDREN.get((role, name))) for name in names}


def _key_order(role: Role | None, values: dict[str, Node]) -> tuple[str, ...] | None:
    if role == "root":
        return ROOT_KEYS
    if role == "composition":
        return COMPOSITION_KEYS
    if role == "style":
        return ART_KEYS if "art_style" in values else PHOTO_KEYS if "photo" in values else None
    if role == "element":
        kind = values["type"].string() if "type" in values else None
        return OBJ_KEYS if kind == "obj" else TEXT_KEYS
    return None
