"""Areas to type in whose history is the session's, and which no paste can choke."""

from __future__ import annotations

from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.document._document import Location
from textual.widgets import TextArea

from promptkit.document import MAX_BYTES
from promptkit.session.pasting import looks_like_a_caption
from promptkit.tui.messages import Pasted, Refused

LONGEST_FIELD: Final = 10_000
"""Characters of a field; the model reads about as many in all."""


class TypingArea(TextArea):
    """A TextArea that leaves undo to the session and whole captions to the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "screen.undo", "Undo", show=False),
        Binding("ctrl+y", "screen.redo", "Redo", show=False),
    ]
    longest: ClassVar[int] = LONGEST_FIELD

    def find_matching_bracket(self, bracket: str, search_from: Location) -> Location | None:  # noqa: ARG002
        """None: brackets are not shown, and looking for one may walk through the whole text."""
        return None

    def on_resize(self) -> None:
        # Letters may come before the field has its room; the last of them is to be seen then.
        if self.has_focus:
            self.call_after_refresh(self.scroll_cursor_visible)

    async def _on_paste(self, event: events.Paste) -> None:
        if refused_paste(self, event.text, self.longest):
            event.stop()
            event.prevent_default()
            return
        await super()._on_paste(event)
        event.prevent_default()


def refused_paste(widget: TypingArea, text: str, longest: int) -> bool:
    """Whether pasted text does not go into the widget: it is a whole caption, or far too long."""
    if len(text) > MAX_BYTES:
        reason = f"{len(text):,} characters are no caption; at most {MAX_BYTES:,} are taken"
        widget.post_message(Refused(reason))
        return True
    if looks_like_a_caption(text):
        widget.post_message(Pasted(text))
        return True
    if len(text) > longest:
        widget.post_message(Refused(f"{len(text):,} characters are too many for one field"))
        return True
    return False
