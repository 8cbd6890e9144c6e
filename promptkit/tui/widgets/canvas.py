"""The picture's layout: see, draw, move and resize boxes, by keys and by mouse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar, Final, Literal, Self

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region

from promptkit.color import mix, readable_on
from promptkit.errors import PromptkitError
from promptkit.geometry import BBox
from promptkit.session import Session, Shift, add_element, duplicate, remove_elements, reorder
from promptkit.session import boxes as box_operations
from promptkit.session.elements import DRAWN, element_at, toggle_group, toggle_lock
from promptkit.session.layout import moved, resized, spanned
from promptkit.tui.messages import Edited, Refused, Selected
from promptkit.tui.widgets.drag import Drag, begin
from promptkit.tui.widgets.layout import LayoutView
from promptkit.tui.widgets.raster import Item
from promptkit.tui.widgets.scene import ground_of

STEP: Final = 10
"""Grid steps of an arrow key; with shift it is one."""
SNAP: Final = 25
_NO_ELEMENTS: Final = (
    "a adds an object",
    "t adds a text",
    "the mouse draws a box",
    "",
    "ctrl+t templates",
)
_NOT_READ: Final = ("the JSON cannot be read", "", "F4 opens it", "to be mended")
_NO_BOXES: Final = ("no element has a box", "", "n selects one", "b gives it a box")


class Canvas(LayoutView, can_focus=True):
    """The layout in the picture's true shape."""

    HELP = """\
The layout of the picture. Boxes are drawn back to front in their own colours; literal text stands
in its box. Drag on free ground draws a box, drag on a box moves it, drag on a corner resizes it.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "nudge(-10, 0)", "Move", show=False),
        Binding("right", "nudge(10, 0)", "Move", show=False),
        Binding("up", "nudge(0, -10)", "Move", show=False),
        Binding("down", "nudge(0, 10)", "Move", show=False),
        Binding("shift+left,H", "nudge(-1, 0)", "Move by one", show=False),
        Binding("shift+right,L", "nudge(1, 0)", "Move by one", show=False),
        Binding("shift+up,K", "nudge(0, -1)", "Move by one", show=False),
        Binding("shift+down,J", "nudge(0, 1)", "Move by one", show=False),
        Binding("ctrl+left,h", "grow(-10, 0)", "Narrower", show=False),
        Binding("ctrl+right,l", "grow(10, 0)", "Wider", show=False),
        Binding("ctrl+up,k", "grow(0, -10)", "Shorter", show=False),
        Binding("ctrl+down,j", "grow(0, 10)", "Taller", show=False),
        Binding("n,full_stop", "step(1)", "Next element", show=False),
        Binding("p,comma", "step(-1)", "Previous element", show=False),
        Binding("space", "extend", "Select the next too", show=False),
        Binding("A", "all", "Select all", show=False),
        Binding("escape", "none", "Select none", show=False),
        Binding("a", "add('obj')", "Object", tooltip="Add an object"),
        Binding("t", "add('text')", "Text", tooltip="Add a text"),
        Binding("b", "box", "Give or take the box", show=False),
        Binding("d", "duplicate", "Duplicate"),
        Binding("x,delete,backspace", "remove", "Remove", show=False),
        Binding("right_square_bracket", "reorder('forward')", "Forward", show=False),
        Binding("left_square_bracket", "reorder('backward')", "Backward", show=False),
        Binding("right_curly_bracket", "reorder('front')", "To the front", show=False),
        Binding("left_curly_bracket", "reorder('back')", "To the back", show=False),
        Binding("s", "snap", "Snap to 25", show=False),
        Binding("o", "lock", "Lock", show=False),
        Binding("g", "group", "Group", show=False),
        Binding("m", "screen.arrange", "Align", tooltip="Align, distribute, snap…"),
        Binding("enter", "screen.edit_fields", "Edit"),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__(session, id="canvas")
        self._drag: Drag | None = None
        self._is_border_only = False
        self.border_title = "Layout"

    def on_mount(self) -> None:
        self.sync()

    def sync(self) -> None:
        super().sync()
        readout = self._readout()
        if readout != self.border_subtitle:
            self._is_border_only = True
            self.border_subtitle = readout
            self._is_border_only = False

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        # A widget redraws itself as a whole when its border says something else.
        if self._is_border_only:
            regions = (Region(0, self.size.height, self.size.width, 1),)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def drafts(self, accent: str) -> list[Item]:
        """The box that is being drawn, or an invitation to draw one."""
        drag = self._drag
        if drag is None or not (drag.is_drawing and drag.moved):
            return [] if box_operations.boxes(self.session) else [self._invitation()]
        return [Item(spanned(drag.start, drag.now), accent, accent, "new")]

    def action_nudge(self, dx: int, dy: int) -> None:
        self._do(lambda: box_operations.nudge(self.session, dx, dy))

    def action_grow(self, dx: int, dy: int) -> None:
        self._do(lambda: box_operations.grow(self.session, dx, dy))

    def action_snap(self) -> None:
        self._do(lambda: box_operations.snap(self.session, SNAP))

    def action_step(self, step: int) -> None:
        count = self.session.count
        if count:
            current = self.session.marks.element
            start = (-1 if step > 0 else 0) if current is None else current
            self.session.select((start + step) % count)
            self.post_message(Selected())

    def action_extend(self) -> None:
        current, count = self.session.marks.element, self.session.count
        if count:
            following = 0 if current is None else (current + 1) % count
            self.session.marks = self.session.marks.toggled(following)
            self.post_message(Selected())

    def action_all(self) -> None:
        self.session.select(*range(self.session.count))
        self.post_message(Selected())

    def action_none(self) -> None:
        self._drag = None
        self.session.select()
        self.post_message(Selected())

    async def action_add(self, kind: str) -> None:
        await self._add("text" if kind == "text" else "obj", DRAWN)

    def action_duplicate(self) -> None:
        self._do(lambda: duplicate(self.session) > 0)

    def action_remove(self) -> None:
        self._do(lambda: remove_elements(self.session) > 0)

    def action_reorder(self, shift: str) -> None:
        self._do(lambda: reorder(self.session, Shift(shift)))

    def action_box(self) -> None:
        """Take the boxes of the selected elements out, or give them one."""
        marks = self.session.marks
        if box_operations.chosen(self.session):
            self._do(lambda: box_operations.clear_box(self.session))
        else:
            new = {place: DRAWN for place in marks.elements if place not in marks.locked}
            self._do(lambda: box_operations.set_boxes(self.session, new, "add box"))

    def action_lock(self) -> None:
        toggle_lock(self.session)
        self.post_message(Selected())

    def action_group(self) -> None:
        toggle_group(self.session)
        self.post_message(Selected())

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self.focus()
        column, row = self._inside(event)
        if event.button != 1:
            return
        self._drag = begin(self.session, self.area, column, row, more=event.shift or event.ctrl)
        self.capture_mouse()
        self.post_message(Selected())

    def on_mouse_move(self, event: events.MouseMove) -> None:
        drag = self._drag
        if drag is None:
            return
        column, row = self._inside(event)
        self._drag = drag = replace(drag, now=self.area.grid(column, row), moved=True)
        if drag.is_drawing:
            self.sync()
        else:
            self._do(lambda: self._follow(drag))

    async def on_mouse_up(self) -> None:
        drag, self._drag = self._drag, None
        self.release_mouse()
        self.session.history.seal()
        if drag is not None and drag.is_drawing and drag.moved:
            await self._drawn(spanned(drag.start, drag.now))

    def _follow(self, drag: Drag) -> bool:
        """Move or resize with the mouse."""
        dx, dy = drag.now[0] - drag.start[0], drag.now[1] - drag.start[1]
        if drag.corner is None:
            new = moved(drag.boxes, dx, dy)
        else:
            down, across = drag.corner
            new = {
                place: resized(
                    box,
                    left=0 if across else dx,
                    right=dx if across else 0,
                    top=0 if down else dy,
                    bottom=dy if down else 0,
                )
                for place, box in drag.boxes.items()
            }
        return box_operations.set_boxes(self.session, new, "drag", tag="drag")

    async def _drawn(self, box: BBox) -> None:
        """A box was drawn: for the selected element if it has none, else for a new one."""
        place = self.session.marks.element
        element = element_at(self.session, place) if place is not None else None
        if place is not None and element is not None and element.get("bbox") is None:
            self._do(lambda: box_operations.set_boxes(self.session, {place: box}, "draw"))
        else:
            await self._add("obj", box)

    async def _add(self, kind: Literal["obj", "text"], box: BBox) -> None:
        """A new element, and the cursor in its words: what is typed next is meant for them."""
        if self._do(lambda: add_element(self.session, kind, box) >= 0):
            await self.run_action("screen.edit_fields")

    def _do(self, operation: Callable[[], bool]) -> bool:
        """Change the session; whether it has changed."""
        try:
            changed = operation()
        except PromptkitError as error:
            self.post_message(Refused(str(error)))
            return False
        if changed:
            self.post_message(Edited())
        return changed

    def _inside(self, event: events.MouseEvent) -> tuple[float, float]:
        offset = event.get_content_offset_capture(self)
        return offset.x + 0.5, offset.y + 0.5

    def _invitation(self) -> Item:
        """The empty picture, and how to put something into it."""
        ground = ground_of(self.session.view)
        line = mix(ground, readable_on(ground), 0.16)
        session = self.session
        words = _NO_BOXES if session.count else _NO_ELEMENTS
        if session.broken or session.view is None:
            words = _NOT_READ
        return Item(
            box_operations.PICTURE, ground, line, "", words, mix(ground, readable_on(ground), 0.55)
        )

    def _readout(self) -> str:
        """The main box on the grid and in pixels."""
        size = self.session.size
        place = self.session.marks.element
        element = element_at(self.session, place) if place is not None else None
        box = element.bbox if element and element.node.kind == "object" else None
        if box is None:
            return f"{size}"
        left, top, right, bottom = box.pixels(size)
        count = len(self.session.marks.elements)
        more = f" · {count} selected" if count > 1 else ""
        return (
            f"y {box.y_min}–{box.y_max} x {box.x_min}–{box.x_max}"
            f" · {right - left}x{bottom - top} px at {left},{top}{more}"
        )
