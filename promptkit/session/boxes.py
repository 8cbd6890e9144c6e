"""Boxes of the selected elements: what the canvas does to them."""

from __future__ import annotations

from collections.abc import Mapping

from promptkit.document import Edit
from promptkit.geometry import GRID, BBox, Size
from promptkit.session.layout import (
    Align,
    Axis,
    aligned,
    distributed,
    hull,
    moved,
    refitted,
    resized,
    snapped,
)
from promptkit.session.session import Session
from promptkit.session.structure import put, take

PICTURE = BBox(0, 0, GRID, GRID)


def boxes(session: Session) -> dict[int, BBox]:
    """Every valid box of the shown caption by the place of its element, back to front."""
    view = session.view
    if view is None:
        return {}
    return {each.index: each.bbox for each in view.elements if each.bbox is not None}


def chosen(session: Session) -> dict[int, BBox]:
    """The boxes of the selected elements that are not locked."""
    every = boxes(session)
    free = [each for each in session.marks.elements if each not in session.marks.locked]
    return {each: every[each] for each in free if each in every}


def set_boxes(session: Session, new: Mapping[int, BBox], label: str, tag: object = None) -> bool:
    """Write boxes, one step for all of them.

    Raises:
        NotEditableError: if the caption cannot be changed by its parts now.
    """
    view = session.editable()
    document = session.current.document
    edits: list[Edit] = []
    for each in view.elements:
        if each.index in new and new[each.index] != each.bbox:
            sides = list(new[each.index])
            edits += put(document, view.node, "element", each.node, "bbox", sides)
    where = tuple(sorted(new))
    return session.apply(edits, label, tag=(tag, where) if tag is not None else None)


def nudge(session: Session, dx: int, dy: int) -> bool:
    """Move the selected boxes by grid steps; presses in quick succession are one step."""
    return set_boxes(session, moved(chosen(session), dx, dy), "move", tag="move")


def grow(session: Session, dx: int, dy: int) -> bool:
    """Move the right and the bottom edge of the selected boxes."""
    new = {place: resized(box, right=dx, bottom=dy) for place, box in chosen(session).items()}
    return set_boxes(session, new, "resize", tag="resize")


def snap(session: Session, step: int) -> bool:
    """Put the edges of the selected boxes on a coarser grid."""
    new = {place: snapped(box, step) for place, box in chosen(session).items()}
    return set_boxes(session, new, "snap")


def align(session: Session, how: Align) -> bool:
    """Line the selected boxes up with each other; a single one with the picture."""
    selected = chosen(session)
    if not selected:
        return False
    within = hull(selected) if len(selected) > 1 else PICTURE
    return set_boxes(session, aligned(selected, how, within), f"align {how}")


def distribute(session: Session, axis: Axis) -> bool:
    """Equal gaps between three or more selected boxes."""
    return set_boxes(session, distributed(chosen(session), axis), f"distribute {axis}")


def set_size(session: Session, size: Size, *, refit: bool = False) -> None:
    """Another picture size; with ``refit`` boxes keep their shapes in pixels, not their numbers."""
    old, session.size = session.size, size
    session.recheck()
    if refit and old != size:
        new = {place: refitted(box, old, size) for place, box in boxes(session).items()}
        set_boxes(session, new, f"re-fit to {size}")


def clear_box(session: Session) -> bool:
    """Take the boxes of the selected elements out; the model then places them itself."""
    view = session.editable()
    free = [each for each in session.marks.elements if each not in session.marks.locked]
    edits = [
        edit for each in view.elements if each.index in free
        for edit in take("element", each.node, "bbox")
    ]  # fmt: skip
    return session.apply(edits, "remove box")
