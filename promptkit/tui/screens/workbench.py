"""One caption on the screen: its panes, and what follows its text: findings and tokens."""

from __future__ import annotations

import gc
from functools import cached_property
from typing import TYPE_CHECKING, Final

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.timer import Timer
from textual.worker import get_current_worker

from promptkit.session import Session
from promptkit.tui import messages
from promptkit.tui.panes import Panes
from promptkit.tui.widgets.canvas import Canvas
from promptkit.tui.widgets.keyline import KeyLine
from promptkit.tui.widgets.outline import Outline
from promptkit.tui.widgets.topbar import TopBar

if TYPE_CHECKING:
    from promptkit.session.outline import Tokens
    from promptkit.tui.widgets.findings import FindingsList
    from promptkit.tui.widgets.inspector import Inspector
    from promptkit.tui.widgets.json_pane import JsonPane

QUICK: Final = 1 << 15
"""Characters of a text that is linted at once; longer ones are linted in a thread."""
COUNT_AFTER: Final = 0.25
"""Seconds after the last change at which tokens are counted."""


class Workbench(Screen[None]):
    """Widgets tell it what was done; it has everything show the session again.

    The outline and the layout are on the screen first. What the first sight can do without, the
    panes of the column at the right and the rules, is loaded when they have been painted, into
    room that is kept for it.
    """

    AUTO_FOCUS = "#canvas"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.top = TopBar(session)
        self.outline = Outline(session)
        self.canvas = Canvas(session)
        self.right = Vertical(id="right")
        self.panes = Panes(self)
        self.is_furnished = False
        """Whether the column at the right has its panes."""
        self.is_complete = False
        """Whether everything is loaded that is loaded after the first painting."""
        self._counting: Timer | None = None

    @cached_property
    def inspector(self) -> Inspector:
        from promptkit.tui.widgets.inspector import Inspector  # noqa: PLC0415 - after first paint

        return Inspector(self.session)

    @cached_property
    def json(self) -> JsonPane:
        from promptkit.tui.widgets.json_pane import JsonPane  # noqa: PLC0415 - after first paint

        return JsonPane(self.session)

    @cached_property
    def findings(self) -> FindingsList:
        from promptkit.tui.widgets.findings import FindingsList  # noqa: PLC0415 - after first paint

        return FindingsList(self.session)

    def compose(self) -> ComposeResult:
        width = self.app.size.width
        # Textual sets these at the first Resize, which comes after the first painting.
        names = (name for least, name in self.app.HORIZONTAL_BREAKPOINTS or () if width >= least)
        self.add_class(*list(names)[-1:])
        self.panes.arrange(width)
        yield self.top
        with Horizontal(id="workbench"):
            yield self.outline
            yield self.canvas
            yield self.right
        yield KeyLine()

    def on_mount(self) -> None:
        self.call_after_refresh(self._furnish)

    def _furnish(self) -> None:
        """Put the panes into the column at the right."""
        self.is_furnished = True
        self.panes.apply()
        self.right.mount(self.inspector, self.json, self.findings)
        self.call_after_refresh(self._first_check)

    def _first_check(self) -> None:
        with self.app.batch_update():
            self.check()
            self.sync()
        self.count_soon()
        self.call_after_refresh(self._complete)

    def _complete(self) -> None:
        """Make what is not seen yet, a little at a time, so that no key has to wait for all."""
        self.is_complete = self.inspector.prepare()
        if not self.is_complete:
            self.call_after_refresh(self._complete)

    def on_resize(self, event: events.Resize) -> None:
        self.panes.arrange(event.size.width)

    def sync(self) -> None:
        """Have everything show the session."""
        for widget in (self.canvas, self.outline, self.inspector, self.top):
            widget.sync()
        if self.json.display:
            self.json.sync()

    def check(self) -> None:
        """Bring the findings up to date, at once or for a long text in a thread."""
        session = self.session
        if session.checked != session.revision:
            if len(session.text) <= QUICK:
                session.check()
            else:
                self._check_aside(session.revision)
        self.findings.sync()
        self.json.mark()

    def count_soon(self) -> None:
        """Count tokens when the typing pauses."""
        if self._counting is not None:
            self._counting.stop()
        self._counting = self.set_timer(COUNT_AFTER, self._count)

    @on(messages.Edited)
    def edited(self) -> None:
        """Have everything follow the session's text, which has changed."""
        with self.app.batch_update():
            self.check()
            self.sync()
        self.count_soon()
        # The application writes unsaved text down.
        self.app.post_message(messages.Edited())

    @on(messages.Selected)
    def selected(self) -> None:
        """Show what is selected now."""
        with self.app.batch_update():
            self.canvas.sync()
            self.outline.sync()
            self.inspector.sync()

    @on(messages.Checked)
    def _checked(self, message: messages.Checked) -> None:
        if self.session.accept(message.revision, message.findings):
            self.findings.sync()
            self.json.mark()
            self.sync()

    @on(messages.Counted)
    def _counted(self, message: messages.Counted) -> None:
        if message.revision == self.session.revision:
            self.top.tokens = self.outline.tokens = self.inspector.tokens = message.tokens
            self.top.sync()
            self.outline.sync()
            self.inspector.sync()

    def _count(self) -> None:
        # Old trees refer to their parents, so that only the collector frees them: it takes its
        # time now, when nobody waits.
        if gc.get_freeze_count():
            gc.collect()
        view = self.session.view
        if view is not None and not self.session.broken:
            self._count_aside(self.session.revision)

    @work(thread=True, exclusive=True, group="tokens")
    def _count_aside(self, revision: int) -> None:
        from promptkit.session.outline import count_tokens  # noqa: PLC0415 - loads the tokenizer

        view = self.session.view
        tokens: Tokens | None = count_tokens(view.node) if view else None
        if not get_current_worker().is_cancelled:
            self.post_message(messages.Counted(revision, tokens))

    @work(thread=True, exclusive=True, group="lint")
    def _check_aside(self, revision: int) -> None:
        findings = self.session.lint()
        if not get_current_worker().is_cancelled:
            self.post_message(messages.Checked(revision, findings))
