"""Edits of a caption's structure that leave its layout and every other character alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from promptkit.document import Document, Edit, Member, Node
from promptkit.document.edit import json_string


def replace_value(node: Node, json_text: str) -> Edit:
    """Write ``json_text`` in place of a value."""
    return Edit(node.start, node.end, json_text)


def replace_string(node: Node, value: str) -> Edit:
    """Write the string ``value`` in place of a value."""
    return replace_value(node, json_string(value))


def rename_key(member: Member, name: str) -> Edit:
    """Give a member another key."""
    return Edit(member.start, member.end, json_string(name))


def remove_members(node: Node, unwanted: Iterable[Member]) -> list[Edit]:
    """Take members out of an object, each with one of the commas beside it."""
    spans = [(member.start, member.value.end) for member in node.members]
    gone = {id(member) for member in unwanted}
    return _remove(spans, [id(member) in gone for member in node.members])


def remove_items(node: Node, unwanted: Iterable[int]) -> list[Edit]:
    """Take items, by index, out of an array, each with one of the commas beside it."""
    spans = [(item.start, item.end) for item in node.items]
    gone = set(unwanted)
    return _remove(spans, [index in gone for index in range(len(spans))])


def insert_member(document: Document, node: Node, index: int, name: str, json_text: str) -> Edit:
    """Put a new member before the ``index``-th, laid out as its neighbours are."""
    member = f"{json_string(name)}{_colon(document, node)}{json_text}"
    if not node.members:
        return Edit(node.start + 1, node.start + 1, member)
    first = node.members[0]
    before_first = document.text[node.start + 1 : first.start]
    if index == 0:
        lead = before_first if "\n" in before_first else " " if len(node.members) > 1 else ""
        return Edit(first.start, first.start, f"{member},{lead}")
    previous = node.members[index - 1]
    lead = _between(document, node, index) if len(node.members) > 1 else before_first
    return Edit(previous.value.end, previous.value.end, f",{lead}{member}")


def reorder_members(document: Document, node: Node, order: Sequence[str]) -> list[Edit]:
    """Bring members into ``order`` (others stay behind, as they stood), slot by slot.

    Only the text of whole members moves; what stands between them stays where it is.
    """
    rank = {name: position for position, name in enumerate(order)}
    wanted = sorted(node.members, key=lambda member: rank.get(member.name, len(rank)))
    return [
        Edit(slot.start, slot.value.end, document.text[member.start : member.value.end])
        for slot, member in zip(node.members, wanted, strict=True)
        if slot is not member
    ]


def _remove(spans: list[tuple[int, int]], gone: list[bool]) -> list[Edit]:
    edits: list[Edit] = []
    kept = [index for index, is_gone in enumerate(gone) if not is_gone]
    for index, (start, end) in enumerate(spans):
        if not gone[index]:
            continue
        if not kept:
            edits.append(Edit(start if index == 0 else spans[index - 1][1], end, ""))
        elif index > kept[0]:
            # Behind one that stays: go with the comma and the space before.
            edits.append(Edit(spans[index - 1][1], end, ""))
        else:
            edits.append(Edit(start, spans[index + 1][0], ""))
    return edits


def _colon(document: Document, node: Node) -> str:
    for member in node.members:
        return document.text[member.end : member.value.start]
    return ":" if "\n" not in document.text and '": ' not in document.text else ": "


def _between(document: Document, node: Node, index: int) -> str:
    position = min(max(index, 1), len(node.members) - 1)
    previous, following = node.members[position - 1], node.members[position]
    gap = document.text[previous.value.end : following.start]
    return gap.split(",", 1)[-1]
