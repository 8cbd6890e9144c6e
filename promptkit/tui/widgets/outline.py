"""The parts of the caption, one a line: what it says, its colours, its tokens, its findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from promptkit.color import readable_on
from promptkit.lint import Severity
from promptkit.session import Part, Session
from promptkit.session.elements import element_at
from promptkit.session.mends import place_of
from promptkit.session.outline import Row, Tokens, rows
from promptkit.tui.messages import Selected
from promptkit.tui.widgets.raster import shortened
from promptkit.tui.widgets.scene import colors_of

_NAMES = {Part.SUMMARY: "Summary", Part.STYLE: "Style", Part.BACKGROUND: "Background"}
_SIGNS: dict[Severity | None, tuple[str, str]] = {
    Severity.ERROR: ("●", "red"),
    Severity.WARNING: ("●", "yellow"),
}


class Outline(OptionList):
    """Front to back, as in other layer lists."""

    HELP = """\
The parts of the caption. Elements stand front to back: the first one covers those below it. The
number at the right is what a part takes of the model's 2048 tokens; a dot says that something in
it is wrong (red) or doubtful (yellow).
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.edit_fields", "Edit"),
        Binding("a", "screen.canvas('add(\"obj\")')", "Add object"),
        Binding("t", "screen.canvas('add(\"text\")')", "Add text"),
        Binding("d", "screen.canvas('duplicate')", "Duplicate"),
        Binding("x,delete,backspace", "screen.canvas('remove')", "Remove"),
        Binding("space", "select_too", "Select too", show=False),
        Binding(
            "right_square_bracket", "screen.canvas('reorder(\"forward\")')", "Forward", show=False
        ),
        Binding(
            "left_square_bracket", "screen.canvas('reorder(\"backward\")')", "Back", show=False
        ),
        Binding("o", "screen.canvas('lock')", "Lock", show=False),
        Binding("g", "screen.canvas('group')", "Group", show=False),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__(id="outline")
        self.session = session
        self.tokens: Tokens | None = None
        self._rows: list[Row] = []
        self._drawn: list[Line] = []

    def on_mount(self) -> None:
        self.border_title = "Outline"
        self.sync()

    def on_resize(self) -> None:
        self.sync()

    def sync(self) -> None:
        """Show what the session holds, touching only the lines that differ."""
        self._rows = rows(self.session)
        signs = self._signs()
        lines = [self._line(row, signs) for row in self._rows]
        if len(lines) != len(self._drawn):
            with self.prevent(OptionList.OptionHighlighted):
                self.clear_options()
                self.add_options([Option(line.text()) for line in lines])
        else:
            for index, (old, new) in enumerate(zip(self._drawn, lines, strict=True)):
                if old != new:
                    self.replace_option_prompt_at_index(index, new.text())
        self._drawn = lines
        current = self._index_of_selection()
        if self.highlighted != current:
            with self.prevent(OptionList.OptionHighlighted):
                self.highlighted = current

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if event.option_index < len(self._rows) and self.has_focus:
            self._choose(self._rows[event.option_index])

    def action_select_too(self) -> None:
        row = self._rows[self.highlighted or 0]
        if row.element is not None:
            self.session.marks = self.session.marks.toggled(row.element)
            self.post_message(Selected())

    def _choose(self, row: Row) -> None:
        marks = self.session.marks
        if row.element is None:
            if marks.part is not row.part:
                self.session.show(row.part)
                self.post_message(Selected())
        elif row.element not in marks.elements:
            self.session.select(row.element)
            self.post_message(Selected())

    def _index_of_selection(self) -> int:
        marks = self.session.marks
        for index, row in enumerate(self._rows):
            if row.part is marks.part and row.element == marks.element:
                return index
        return 0

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
            max(self.scrollable_content_region.width, 12),
            tokens.get(row.pointer, 0),
            signs.get((row.part, place)),
            colors[0] if colors else "",
            is_text=element is not None and element.type == "text",
            # A single one is shown by the cursor; marking it too would redraw the whole list.
            is_chosen=len(marks.elements) > 1 and place in marks.elements,
            is_locked=place is not None and place in marks.locked,
            is_grouped=any(place in group for group in marks.groups),
        )


@dataclass(frozen=True, slots=True)
class Line:
    """All that a line of the outline shows."""

    row: Row
    width: int
    tokens: int
    severity: Severity | None
    color: str
    is_text: bool
    is_chosen: bool
    is_locked: bool
    is_grouped: bool

    def text(self) -> Text:
        """As a terminal shows it."""
        number = str(self.tokens) if self.tokens else ""
        text = Text(no_wrap=True, overflow="ellipsis", end="")
        glyph, color = _SIGNS.get(self.severity, (" ", ""))
        text.append(glyph, color)
        if self.row.element is None:
            text.append(f"{_NAMES[self.row.part]:<11}", "bold")
        else:
            self._call(text, self.row.element)
        title = shortened(self.row.title, self.width - text.cell_len - len(number) - 1)
        text.append(title if self.row.title else "—", "dim" if self.row.element is None else "")
        text.append(" " * max(self.width - text.cell_len - len(number), 1))
        text.append(number, "dim")
        return text

    def _call(self, text: Text, place: int) -> None:
        text.append("▸" if self.is_chosen else " ")
        chip = Style(dim=True)
        if self.color:
            chip = Style(color=readable_on(self.color), bgcolor=self.color)
        text.append(f"{place + 1:>2} ", chip)
        text.append(" T " if self.is_text else " ▢ ", "dim")
        if self.is_locked:
            text.append("⊘ ", "dim")
        if self.is_grouped:
            text.append("⊞ ", "dim")
