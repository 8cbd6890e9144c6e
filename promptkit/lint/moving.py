"""Edits that move members of one object of a caption into another."""

from __future__ import annotations

from collections.abc import Sequence

from promptkit.document import Document, Edit, Kind, Member, Node
from promptkit.keys import Role
from promptkit.lint.mending import colon_of, gap_of, remove_members
from promptkit.lint.schema import PARENT_KEYS
from promptkit.lint.spelling import find
from promptkit.lint.view import CaptionView


def gather(
    caption: CaptionView, members: Sequence[Member], owner: Node, home: Role
) -> tuple[Edit, ...]:
    """Move ``members`` of ``owner`` into the object of the role ``home``.

    A block that does not exist is made in the place of the first of them. No edits where the move
    would overwrite something, or has nowhere to go.
    """
    names = {member.name for member in members}
    if len(names) < len(members) or caption.document.layered:
        return ()
    target = caption.node if home == "root" else find("root", caption.node, PARENT_KEYS[home])
    if target is None:
        return _into_new_block(caption.document, members, owner, PARENT_KEYS[home])
    if target.kind is not Kind.OBJECT or any(target.get(name) is not None for name in names):
        return ()
    return _into_block(caption.document, members, owner, target)


def _into_block(
    document: Document, members: Sequence[Member], owner: Node, target: Node
) -> tuple[Edit, ...]:
    moved = [document.text[member.start : member.value.end] for member in members]
    gap = gap_of(document, target if target.members else owner, 1)
    if target.members:
        end = target.members[-1].value.end
        insertion = Edit(end, end, "".join(f",{gap}{text}" for text in moved))
    else:
        insertion = Edit(target.start + 1, target.end - 1, f",{gap}".join(moved))
    return insertion, *remove_members(owner, members)


def _into_new_block(
    document: Document, members: Sequence[Member], owner: Node, name: str
) -> tuple[Edit, ...]:
    first, *rest = members
    outer = gap_of(document, owner, 1)
    # One level deeper: by as much as the owner's members stand deeper than its closing brace.
    closing = document.text[owner.members[-1].value.end : owner.end - 1]
    step = _indent(outer).removeprefix(_indent(closing)) or "  "
    inner = outer + step if "\n" in outer else ""
    space = "" if "\n" in outer else outer
    texts = [document.text[member.start : member.value.end] for member in members]
    if "\n" in outer and not document.flaws:
        # No strict string holds a line break, so every line may be indented.
        texts = [text.replace("\n", "\n" + step) for text in texts]
    body = f",{inner or space}".join(texts)
    close = outer if "\n" in outer else ""
    block = f'"{name}"{colon_of(document, owner)}{{{inner}{body}{close}}}'
    return Edit(first.start, first.value.end, block), *remove_members(owner, rest)


def _indent(gap: str) -> str:
    return gap[gap.rfind("\n") + 1 :]
