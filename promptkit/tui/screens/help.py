"""Every key, and what the pane with the focus is for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.table import Table
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.keys import format_key
from textual.widget import Widget
from textual.widgets import Static

from promptkit.tui.screens.dialog import Dialog

Section = tuple[str, Iterable[BindingType]]


class HelpScreen(Dialog[None]):
    """First the pane one comes from, then all keys."""

    caption = "Help"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f1,question_mark,q", "cancel", "Close")]

    def __init__(self, focused: Widget | None, sections: Iterable[Section]) -> None:
        super().__init__()
        self._focused = focused
        self._sections = list(sections)

    def parts(self) -> ComposeResult:
        with VerticalScroll(classes="pages"):
            about = _about(self._focused)
            if about:
                yield Static(about, classes="about", markup=False)
            for name, bindings in self._sections:
                yield Static(name, classes="help-section")
                yield Static(_table(bindings))
        yield Static("ctrl+p lists every command · Escape closes", classes="hint")

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()


def keys_of(binding: Binding) -> str:
    """A binding's keys as people write them."""
    return " ".join(format_key(key.strip()) for key in binding.key.split(","))


def _about(widget: Widget | None) -> str:
    while widget is not None:
        text = getattr(widget, "HELP", None)
        if text:
            return " ".join(str(text).split())
        widget = widget.parent if isinstance(widget.parent, Widget) else None
    return ""


def _table(bindings: Iterable[BindingType]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True, min_width=16)
    table.add_column()
    for binding in bindings:
        if isinstance(binding, Binding):
            table.add_row(keys_of(binding), binding.tooltip or binding.description)
    return table
