"""Edits of a caption by what they mean, laid out as the file around them is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from promptkit.document import Document, Edit, Node
from promptkit.document.edit import json_string
from promptkit.keys import Role
from promptkit.lint.mending import (
    colon_of,
    insert_member,
    remove_items,
    remove_members,
    replace_value,
)
from promptkit.lint.spelling import key_order, resolved

PATHS: dict[Role, tuple[str, ...]] = {
    "root": (),
    "style": ("style_description",),
    "composition": ("compositional_deconstruction",),
}
"""Where the object of each role stands below the caption; elements stand in a list."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a file writes values: one line or several, and the spaces it puts in."""

    lines: bool
    step: str
    colon: str
    comma: str

    def value(self, data: Any, indent: str = "") -> str:
        """``data`` as JSON whose first line stands behind ``indent``."""
        if isinstance(data, str):
            return json_string(data)
        if isinstance(data, Mapping):
            members = [
                f"{json_string(key)}{self.colon}{self.value(each, indent + self.step)}"
                for key, each in data.items()
            ]
            return self._block("{", members, "}", indent, is_flat=False)
        if isinstance(data, Sequence):
            is_flat = not any(isinstance(each, Mapping) for each in data)
            items = [self.value(each, indent + self.step) for each in data]
            return self._block("[", items, "]", indent, is_flat=is_flat)
        return json.dumps(data)

    def _block(
        self, opening: str, parts: list[str], closing: str, indent: str, *, is_flat: bool
    ) -> str:
        if not parts or is_flat or not self.lines:
            return f"{opening}{self.comma.join(parts)}{closing}"
        inner = f"\n{indent}{self.step}"
        return f"{opening}{inner}{f',{inner}'.join(parts)}\n{indent}{closing}"


def style_of(document: Document, node: Node) -> Style:
    """The style of a file, taken from the caption ``node``."""
    if not node.members:
        return Style(lines=True, step="  ", colon=": ", comma=", ")
    colon = colon_of(document, node)
    inner = indent_of(document, node.members[0].value)
    step = inner.removeprefix(indent_of(document, node))
    return Style(
        lines="\n" in document.text[node.start : node.end],
        step=step or "  ",
        colon=colon,
        comma=", " if colon != ":" else ",",
    )


def indent_of(document: Document, node: Node) -> str:
    """The blanks at the beginning of the line on which ``node`` begins."""
    line = document.text.rfind("\n", 0, node.start) + 1
    end = line
    while document.text[end : end + 1] in (" ", "\t"):
        end += 1
    return document.text[line:end]


def put(
    document: Document, caption: Node, role: Role, owner: Node | None, key: str, data: Any
) -> list[Edit]:
    """Set ``key`` in the object of ``role``: its ``owner``, or a new one where there is none."""
    style = style_of(document, caption)
    if owner is None:
        *_, name = PATHS[role]
        return put(document, caption, "root", caption, name, {key: data})
    member = resolved(role, owner).get(key)
    if member is not None:
        return _changed(document, member.value, data, style)
    order = key_order(role, owner) or ()
    rank = {name: place for place, name in enumerate(order)}
    own = rank.get(key, len(rank))
    index = sum(rank.get(each.name, own) < own for each in owner.members)
    text = style.value(data, indent_of(document, owner) + style.step)
    return [insert_member(document, owner, index, key, text)]


def take(role: Role, owner: Node, key: str) -> list[Edit]:
    """Remove ``key`` from an object, if it is there."""
    member = resolved(role, owner).get(key)
    return remove_members(owner, [member]) if member else []


def insert_item(document: Document, caption: Node, array: Node, index: int, data: Any) -> Edit:
    """Put a new item before the ``index``-th of an array; a string is taken as JSON text."""
    style = style_of(document, caption)
    indent = indent_of(document, array) + style.step
    if array.items and style.lines:
        indent = indent_of(document, array.items[0])
    text = data if isinstance(data, str) else style.value(data, indent)
    if not array.items:
        inner = f"\n{indent}{text}\n{indent_of(document, array)}" if style.lines else text
        return Edit(array.start + 1, max(array.end - 1, array.start + 1), inner)
    gap = f"\n{indent}" if style.lines and _on_own_line(document, array.items[0]) else ""
    gap = gap or style.comma[1:]
    if index == 0:
        first = array.items[0]
        return Edit(first.start, first.start, f"{text},{gap}")
    previous = array.items[min(index, len(array.items)) - 1]
    return Edit(previous.end, previous.end, f",{gap}{text}")


def drop_items(array: Node, unwanted: Iterable[int]) -> list[Edit]:
    """Take items out of an array."""
    return remove_items(array, unwanted)


def arrange_items(document: Document, array: Node, order: Sequence[int]) -> list[Edit]:
    """Bring the items into ``order`` (the old place of each new one); spaces stay in place."""
    return [
        Edit(slot.start, slot.end, document.text[moved.start : moved.end])
        for slot, moved in zip(array.items, (array.items[old] for old in order), strict=True)
        if slot is not moved
    ]


def _changed(document: Document, node: Node, data: Any, style: Style) -> list[Edit]:
    """Write ``data`` in place of a value; of a list of the same length only what differs."""
    if isinstance(data, (list, tuple)) and data and len(data) == len(node.items):
        pairs = [(item, style.value(each)) for item, each in zip(node.items, data, strict=True)]
        return [
            replace_value(item, text)
            for item, text in pairs
            if document.text[item.start : item.end] != text
        ]
    return [replace_value(node, style.value(data, indent_of(document, node)))]


def _on_own_line(document: Document, node: Node) -> bool:
    line = document.text.rfind("\n", 0, node.start) + 1
    return not document.text[line : node.start].strip()
