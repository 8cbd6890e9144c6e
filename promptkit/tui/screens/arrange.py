"""The menu of everything that lines boxes up."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from promptkit.session import Align, Axis, Session, Shift, reorder
from promptkit.session.boxes import align, distribute, snap
from promptkit.tui.screens.choice import ChoiceScreen

Operation = Callable[[Session], bool]

_OPERATIONS: Final[dict[str, tuple[str, Operation]]] = {
    "l": ("Align left edges", partial(align, how=Align.LEFT)),
    "c": ("Align centres across", partial(align, how=Align.CENTER)),
    "r": ("Align right edges", partial(align, how=Align.RIGHT)),
    "t": ("Align top edges", partial(align, how=Align.TOP)),
    "m": ("Align middles", partial(align, how=Align.MIDDLE)),
    "b": ("Align bottom edges", partial(align, how=Align.BOTTOM)),
    "h": ("Distribute across", partial(distribute, axis=Axis.ACROSS)),
    "v": ("Distribute down", partial(distribute, axis=Axis.DOWN)),
    "s": ("Snap to 25", partial(snap, step=25)),
    "f": ("Bring to the front", partial(reorder, shift=Shift.FRONT)),
    "k": ("Send to the back", partial(reorder, shift=Shift.BACK)),
}


class ArrangeScreen(ChoiceScreen[Operation]):
    """One box is lined up with the picture, several with each other."""

    def __init__(self) -> None:
        super().__init__("Arrange", "", _OPERATIONS)
