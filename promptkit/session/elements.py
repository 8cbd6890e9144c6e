"""The list of elements: add, remove, copy, reorder, lock, group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any, Final, Literal

from promptkit.counted import many
from promptkit.document import Node, apply_edits, read
from promptkit.geometry import GRID, BBox
from promptkit.lint.spelling import find
from promptkit.lint.view import CaptionView, ElementView
from promptkit.session.fields import owner_of
from promptkit.session.layout import moved
from promptkit.session.session import Session
from promptkit.session.structure import arrange_items, drop_items, insert_item, put

COPY_OFFSET: Final = 30
"""Grid steps that a copy lies to the lower right of what it was made from."""
DRAWN: Final = BBox(350, 350, 650, 650)
"""Where a new box is put when nobody has drawn one."""


class Shift(StrEnum):
    """Where in the pile an element goes; the front is the end of the list."""

    FORWARD = "forward"
    BACKWARD = "backward"
    FRONT = "front"
    BACK = "back"


def element_at(session: Session, place: int) -> ElementView | None:
    """The shown element at a place of the list, if it is an object."""
    view = session.view
    if view is None or not 0 <= place < len(view.listed):
        return None
    return ElementView(view.listed[place], place)


def add_element(session: Session, kind: Literal["obj", "text"], box: BBox | None = DRAWN) -> int:
    """Put a new element in front of all others and select it; gives its place.

    Raises:
        NotEditableError: if the caption cannot be changed by its parts now.
    """
    view = session.editable()
    data: dict[str, Any] = {"type": kind}
    if box is not None:
        data["bbox"] = list(box)
    if kind == "text":
        data["text"] = ""
    data["desc"] = ""
    array = _array(view)
    place = len(array.items) if array else 0
    marks = replace(session.marks).selecting(place)
    document = session.current.document
    if array is None:
        owner = owner_of(view, "composition")
        edits = put(document, view.node, "composition", owner, "elements", [data])
    else:
        edits = [insert_item(document, view.node, array, place, data)]
    session.apply(edits, f"add {kind}", marks=marks)
    return place


def remove_elements(session: Session) -> int:
    """Take out the selected elements that are not locked; gives how many."""
    array = _array(session.editable())
    gone = [each for each in session.marks.elements if each not in session.marks.locked]
    if array is None or not gone:
        return 0
    kept = [each for each in range(len(array.items)) if each not in gone]
    marks = session.marks.renumbered({old: new for new, old in enumerate(kept)})
    neighbour = min(*gone, len(kept) - 1)
    marks = replace(marks, elements=()).selecting(*([neighbour] if kept else []))
    session.apply(drop_items(array, gone), _many("remove", len(gone)), marks=marks)
    return len(gone)


def duplicate(session: Session) -> int:
    """Copy the selected elements, a little to the lower right, in front of all; gives how many."""
    view = session.editable()
    array = _array(view)
    chosen = sorted(session.marks.elements)
    if array is None or not chosen:
        return 0
    text, document = session.text, session.current.document
    # One insertion: what stands in the list is copied as it is written.
    for number, place in enumerate(chosen):
        copy = _copied(document.text, array.items[place], place)
        edit = insert_item(document, view.node, array, len(array.items), copy)
        text = apply_edits(text, [edit])
        if number + 1 < len(chosen):
            document = read(text)
            view = CaptionView(document, document.captions[0])
            found = _array(view)
            if found is None:
                break
            array = found
    count = session.count
    marks = session.marks.selecting(*range(count, count + len(chosen)))
    session.replace_text(text, _many("duplicate", len(chosen)), marks=marks)
    return len(chosen)


def reorder(session: Session, shift: Shift) -> bool:
    """Bring the selected elements forward or back among the others."""
    array = _array(session.editable())
    chosen = set(session.marks.elements) - session.marks.locked
    if array is None or not chosen:
        return False
    order = _shifted(range(len(array.items)), chosen, shift)
    places = {old: new for new, old in enumerate(order)}
    edits = arrange_items(session.current.document, array, order)
    return session.apply(edits, f"bring {shift}", marks=session.marks.renumbered(places))


def toggle_lock(session: Session) -> bool:
    """Lock the selected elements, or unlock them if all are; whether they are locked now."""
    chosen = frozenset(session.marks.elements)
    lock = not chosen <= session.marks.locked
    locked = session.marks.locked | chosen if lock else session.marks.locked - chosen
    session.marks = replace(session.marks, locked=locked)
    return lock


def toggle_group(session: Session) -> bool:
    """Make the selected elements one group, or dissolve it; whether they are a group now."""
    chosen = frozenset(session.marks.elements)
    if chosen in session.marks.groups or len(chosen) < 2:
        session.marks = session.marks.ungrouped(chosen)
        return False
    session.marks = session.marks.grouped(chosen)
    return True


def _array(view: CaptionView) -> Node | None:
    node = find("composition", view.composition or view.node, "elements")
    return node if node is not None and node.kind == "array" else None


def _copied(text: str, item: Node, place: int) -> str:
    """The text of an element with its box moved."""
    box = ElementView(item, place).bbox
    source = text[item.start : item.end]
    node = find("element", item, "bbox") if item.kind == "object" else None
    if box is None or node is None:
        return source
    step = COPY_OFFSET if max(box.y_max, box.x_max) + COPY_OFFSET <= GRID else -COPY_OFFSET
    new = moved({0: box}, step, step)[0]
    parts, position = [], item.start
    for side, number in zip(node.items, new, strict=True):
        parts += [text[position : side.start], str(number)]
        position = side.end
    return "".join([*parts, text[position : item.end]])


def _shifted(places: Sequence[int], chosen: set[int], shift: Shift) -> list[int]:
    order = list(places)
    if shift in (Shift.FRONT, Shift.BACK):
        rest = [each for each in order if each not in chosen]
        moving = [each for each in order if each in chosen]
        return rest + moving if shift is Shift.FRONT else moving + rest
    steps = range(len(order) - 2, -1, -1) if shift is Shift.FORWARD else range(len(order) - 1)
    for low in steps:
        mover, other = (low, low + 1) if shift is Shift.FORWARD else (low + 1, low)
        if order[mover] in chosen and order[other] not in chosen:
            order[low], order[low + 1] = order[low + 1], order[low]
    return order


def _many(verb: str, count: int) -> str:
    return f"{verb} {many(count, 'element')}"
