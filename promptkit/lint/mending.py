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


def remove_member(node: Node, index: int) -> Edit:
    """Take the ``index``-th member out of an object, with one of the commas beside it.

    Takes the same time for a thousandth member as for the first; the edits of neighbours can be
    made together, but for those of the first two.
    """
    member = node.members[index]
    if index > 0:
        return Edit(node.members[index - 1].value.end, member.value.end, "")
    if len(node.members) > 1:
        return Edit(member.start, node.members[1].start, "")
    return Edit(node.start + 1, max(node.end - 1, member.value.end), "")


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
    member = f"{json_string(name)}{colon_of(document, node)}{json_text}"
    if not node.members:
        return Edit(node.start + 1, node.start + 1, member)
    if index == 0:
        first = node.members[0]
        return Edit(first.start, first.start, f"{member},{gap_of(document, node, 1)}")
    previous = node.members[index - 1]
    return Edit(previous.value.end, previous.value.end, f",{gap_of(document, node, index)}{member}")


def reorder_members(document: Document, node: Node, order: Sequence[str]) -> list[Edit]:
    """Bring the members named in ``order`` into it, slot by slot; all others stay where they are.

    Only the text of whole members moves; what stands between them stays where it is.
    """
    rank = {name: position for position, name in enumerate(order)}
    slots = [member for member in node.members if member.name in rank]
    wanted = sorted(slots, key=lambda member: rank[member.name])
    return [
        Edit(slot.start, slot.value.end, document.text[member.start : member.value.end])
        for slot, member in zip(slots, wanted, strict=True)
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


def colon_of(document: Document, node: Node | None) -> str:
    """What stands between a key and its value: here, or in the nearest object around."""
    while node is not None and not node.members:
        node = node.parent
    if node is None:
        return ": "
    colon = document.text[node.members[0].end : node.members[0].value.start]
    return colon if colon.strip() == ":" else ": "


def gap_of(document: Document, node: Node, index: int) -> str:
    """The space between a comma and the ``index``-th member, or one like it."""
    text, members = document.text, node.members
    if len(members) > 1:
        position = min(max(index, 1), len(members) - 1)
        gap = text[members[position - 1].value.end : members[position].start]
        gap = gap.partition(",")[2]
    else:
        gap = text[node.start + 1 : members[0].start]
        gap = gap if "\n" in gap else colon_of(document, node)[1:]
    # A comment is no layout: a second copy of it would be noise.
    return gap if not gap.strip() else " "
