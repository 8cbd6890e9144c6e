"""The parts of the caption, one a line: what it says, its colours, its tokens, its findings."""

from __future__ import annotations

from typing import ClassVar, Final

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from promptkit.lint import Severity
from promptkit.session import Part, Session
from promptkit.session.elements import element_at
from promptkit.session.mends import place_of
from promptkit.session.outline import Row, Tokens, rows
from promptkit.tui.messages import Selected
from promptkit.tui.widgets.outline_line import Line, segments
from promptkit.tui.widgets.scene import colors_of

_NARROWEST: Final = 12
"""Cells of a line; in a narrower pane it is cut off."""


class Outline(ScrollView, can_focus=True):
    """Front to back, as in other layer lists; a change redraws the lines that differ, no others."""

    HELP = """\
The parts of the caption. Elements stand front to back: the first one covers those below it. The
number at the right is what a part takes of the model's 2048 tokens; a dot says that something in
it is wrong (red) or doubtful (yellow).
"""
    COMPONENT_CLASSES: ClassVar[set[str]] = {"outline--cursor"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "go(0)", "First", show=False),
        Binding("end", "go(-1)", "Last", show=False),
        Binding("a", "screen.canvas('add(\"obj\")')", "Object", tooltip="Add an object"),
        Binding("t", "screen.canvas('add(\"text\")')", "Text", tooltip="Add a text"),
        Binding("d", "screen.canvas('duplicate')", "Duplicate"),
        Binding("x,delete,backspace", "screen.canvas('remove')", "Remove", show=False),
        Binding("space", "select_too", "Select too", show=False),
        Binding(
            "right_square_bracket", "screen.canvas('reorder(\"forward\")')", "Forward", show=False
        ),
        Binding(
            "left_square_bracket", "screen.canvas('reorder(\"backward\")')", "Back", show=False
        ),
        Binding("enter", "screen.edit_fields", "Edit"),
        Binding("o", "screen.canvas('lock')", "Lock", show=False),
        Binding("g", "screen.canvas('group')", "Group", show=False),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__(id="outline")
        self.session = session
        self.tokens: Tokens | None = None
        self._rows: list[Row] = []
        self._lines: list[Line] = []
        self._current = 0
        self._width = 0
        self.border_title = "Outline"

    def on_mount(self) -> None:
        self.sync()

    def on_resize(self) -> None:
        if self._width != self._room:
            self.sync()
        # Where the pane became lower, what is selected stays in sight.
        self.call_after_refresh(self._show_current)

    def render_lines(self, crop: Region) -> list[Strip]:
        # The first painting comes before the news of the widget's size.
        if self._width != self._room:
            self._lines = self._drawn()
        return super().render_lines(crop)

    def sync(self) -> None:
        """Show what the session holds, touching only the lines that differ."""
        old, self._lines = self._lines, self._drawn()
        before, self._current = self._current, self._index_of_selection()
        if len(old) != len(self._lines):
            # A width of 0: the lines are as wide as the pane, and none scrolls sideways.
            self.virtual_size = Size(0, len(self._lines))
            self.refresh()
        else:
            for index, (was, line) in enumerate(zip(old, self._lines, strict=True)):
                if was != line:
                    self.refresh_line(index)
        if before != self._current:
            self.refresh_line(before)
            self.refresh_line(self._current)
            self._show_current()

    def _show_current(self) -> None:
        self.scroll_to_region(Region(0, self._current, 1, 1), animate=False)

    def refresh_line(self, y: int) -> None:
        """Redraw a line if it is seen."""
        row = y - self.scroll_offset.y
        if 0 <= row < self.size.height:
            self.refresh(Region(0, row, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        index, width = y + self.scroll_offset.y, self.size.width
        style = self.rich_style
        if index >= len(self._lines):
            return Strip.blank(width, Style(bgcolor=style.bgcolor))
        if index == self._current:
            style = self.get_component_rich_style("outline--cursor")
        strip = Strip(segments(self._lines[index]))
        return strip.adjust_cell_length(width).apply_style(style)

    def action_move(self, step: int) -> None:
        self._choose((self._current + step) % len(self._rows))

    def action_page(self, step: int) -> None:
        index = self._current + step * max(self.size.height - 1, 1)
        self._choose(min(max(index, 0), len(self._rows) - 1))

    def action_go(self, index: int) -> None:
        self._choose(index % len(self._rows))

    def action_select_too(self) -> None:
        row = self._rows[self._current]
        if row.element is not None:
            self.session.marks = self.session.marks.toggled(row.element)
            self.post_message(Selected())

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is not None and 0 <= offset.y + self.scroll_offset.y < len(self._rows):
            self._choose(offset.y + self.scroll_offset.y)

    def _choose(self, index: int) -> None:
        marks, row = self.session.marks, self._rows[index]
        if row.element is None:
            if marks.part is not row.part:
                self.session.show(row.part)
                self.post_message(Selected())
        elif row.element != marks.element:
            self.session.select(row.element)
            self.post_message(Selected())

    def _index_of_selection(self) -> int:
        marks = self.session.marks
        for index, row in enumerate(self._rows):
            if row.part is marks.part and row.element == marks.element:
                return index
        return 0

    @property
    def _room(self) -> int:
        # Beside the scrollbar, which comes and goes with the height of the pane.
        return max(self.scrollable_content_region.width, _NARROWEST)

    def _drawn(self) -> list[Line]:
        self._width = self._room
        self._rows = rows(self.session)
        signs = self._signs()
        return [self._line(row, signs) for row in self._rows]

    def _signs(self) -> dict[tuple[Part, int | None], Severity]:
        found: dict[tuple[Part, int | None], Severity] = {}
        for finding in self.session.findings:
            part, element, _ = place_of(self.session, finding)
            if found.get((part, element)) is not Severity.ERROR:
                found[part, element] = finding.severity
        return found

    def _line(self, row: Row, signs: dict[tuple[Part, int | None], Severity]) -> Line:
        marks = self.session.marks
        place = row.element
        element = element_at(self.session, place) if place is not None else None
        colors = colors_of(element.get("color_palette")) if element else []
        tokens = self.tokens.parts if self.tokens else {}
        return Line(
            row,
            self._width,
            tokens.get(row.pointer, 0),
            signs.get((row.part, place)),
            colors[0] if colors else "",
            is_text=element is not None and element.type == "text",
            # A single one is shown by the cursor; marking it too would redraw one line more.
            is_chosen=len(marks.elements) > 1 and place in marks.elements,
            is_locked=place is not None and place in marks.locked,
            is_grouped=any(place in group for group in marks.groups),
        )
