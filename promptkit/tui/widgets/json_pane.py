"""The caption's text itself; what is typed here is the caption, also while it is broken."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from typing import ClassVar, Final

from rich.style import Style
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widgets import TextArea

from promptkit.document import MAX_BYTES
from promptkit.lint import Severity
from promptkit.session import Session
from promptkit.session.history import difference
from promptkit.tui.messages import Edited
from promptkit.tui.widgets.typing import TypingArea

_STYLES: Final = {
    "key": Style(color="#7AA2F7"),
    "string": Style(color="#9ECE6A"),
    "number": Style(color="#FF9E64"),
    "word": Style(color="#BB9AF7"),
}
_MARKS: Final = {
    color: Style(underline=True, color=color) for color in ("red", "yellow")
}  # fmt: skip
_MOST_MARKS: Final = 100
"""Findings that are underlined in a line."""
_LONGEST_LINE: Final = 5_000
"""Characters of a line that is coloured; a compact caption may be one line of 10 000."""


class JsonPane(TypingArea):
    """Both ways: it shows every change, and every change in it counts."""

    HELP = """\
The text of the file. What you type here is the caption; while it is broken, the layout shows the
last state that could be read, and the finding says what is missing. Paste a whole caption in any
known form to have it converted.
"""
    # Before the area has it, which would go to the next pane.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "screen.leave", "Layout", tooltip="To the layout", priority=True)
    ]
    longest: ClassVar[int] = MAX_BYTES

    def __init__(self, session: Session) -> None:
        super().__init__(
            session.text, id="json", soft_wrap=True, show_line_numbers=True, tab_behavior="indent"
        )
        self.session = session
        self.cursor_blink = False
        self.match_cursor_bracket = False  # it searches the whole text at every change
        self._synced = session.text
        self._marked: dict[int, list[tuple[int, int, str]]] = {}

    def on_mount(self) -> None:
        self.border_title = "JSON"
        self.sync()

    def sync(self) -> None:
        """Show the session's text, changing only what differs so that the cursor stays."""
        if not self.is_attached:
            return
        text = self.session.text
        if text != self._synced:
            start, removed, inserted = difference(self._synced, text)
            with self.prevent(TextArea.Changed):
                if self.document.newline == "\n" and self.text == self._synced:
                    begin = self._location(start)
                    end = self._location(start + len(removed))
                    self.replace(inserted, begin, end, maintain_selection_offset=True)
                else:
                    self.load_text(text)
                self.history.clear()
            self._synced = text
        subtitle = "cannot be read" if self.session.broken else ""
        if subtitle != self.border_subtitle:
            self.border_subtitle = subtitle

    def mark(self) -> None:
        """Underline what the findings are about."""
        if not self.is_attached:
            return
        before, self._marked = self._marked, {}
        if self.session.checked == self.session.revision:
            for finding in self.session.findings:
                place = finding.place
                last = place.end_column if place.end_line == place.line else 1 << 30
                color = "red" if finding.severity is Severity.ERROR else "yellow"
                spans = self._marked.setdefault(place.line - 1, [])
                spans.append((place.column - 1, max(last - 1, place.column), color))
        if self._marked != before:
            self._line_cache.clear()
            self.refresh()

    def go(self, offset: int) -> None:
        """Put the cursor on a character of the text."""
        self.move_cursor(self._location(min(offset, len(self._synced))), center=True)

    def get_line(self, line_index: int) -> Text:
        line = super().get_line(line_index)
        if len(line.plain) <= _LONGEST_LINE:
            for match in _tokens().finditer(line.plain):
                line.stylize(_STYLES[str(match.lastgroup)], match.start(), match.end())
        for start, end, color in self._marked.get(line_index, ())[:_MOST_MARKS]:
            line.stylize(_MARKS[color], start, end)
        return line

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        text = self.text
        if text == self._synced:
            return
        self._synced = text
        if self.session.replace_text(text, "type", tag="json"):
            self.post_message(Edited())

    def _location(self, offset: int) -> tuple[int, int]:
        starts = self._starts(self._synced)
        line = bisect_right(starts, offset) - 1
        return line, offset - starts[line]

    @staticmethod
    def _starts(text: str) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", text))]


@cache
def _tokens() -> re.Pattern[str]:
    string = r'"(?:[^"\\]|\\.)*"'
    return re.compile(
        rf"(?P<key>{string}(?=\s*:))|(?P<string>{string})"
        r"|(?P<number>-?\b\d+(?:\.\d+)?\b)|(?P<word>\b(?:true|false|null)\b)"
    )
