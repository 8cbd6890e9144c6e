"""What all dialogs have: a frame with a title, and Escape to leave."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from promptkit.tui.screens.answering import AnsweringScreen

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer | None], AnsweringScreen[Answer | None], Generic[Answer]):
    """Subclasses yield their parts in ``parts``."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Close")]
    caption: ClassVar[str] = ""

    def compose(self) -> ComposeResult:
        frame = Vertical(classes="dialog")
        frame.border_title = self.heading
        with frame:
            yield from self.parts()

    @property
    def heading(self) -> str:
        """What stands in the frame."""
        return self.caption

    def parts(self) -> ComposeResult:
        """What the dialog shows."""
        yield from ()

    def action_cancel(self) -> None:
        self.dismiss(None)
