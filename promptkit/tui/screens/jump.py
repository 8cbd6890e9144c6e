"""Jump mode: every pane gets a letter, and pressing it goes there."""

from __future__ import annotations

from collections.abc import Mapping

from textual import events
from textual.app import ComposeResult
from textual.geometry import Offset
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from promptkit.tui.screens.answering import AnsweringScreen


class JumpScreen(ModalScreen[str | None], AnsweringScreen[str | None]):
    """Answers with the letter that was pressed."""

    def __init__(self, targets: Mapping[str, Widget]) -> None:
        super().__init__()
        self._targets = targets

    def compose(self) -> ComposeResult:
        for letter, widget in self._targets.items():
            sign = Static(f" {letter} ", classes="jump-sign")
            sign.absolute_offset = Offset(widget.region.x + 1, widget.region.y)
            yield sign

    def on_key(self, event: events.Key) -> None:
        event.stop()
        letter = event.character or ""
        self.dismiss(letter if letter in self._targets else None)
