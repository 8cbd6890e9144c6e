"""One key after the other: each when the one before it has had its effect.

A terminal hands over many keys at once: pasted, over a slow line, or pressed while the machine was
busy. Textual sends a key to the widget that has the focus when the key is read. If that has no use
for it, it comes back, and only then is it looked up among the application's bindings, whose action
may yet show a dialog. Keys that are read meanwhile would go to what had the focus before, and those
behind a key that opens a dialog be obeyed by what lies beneath it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import wraps
from typing import Any, Final, TypeVar

from textual import events
from textual.app import App, ScreenStackError
from textual.dom import DOMNode
from textual.screen import Screen
from textual.worker import Worker

from promptkit.tui.settling import drain

Node = TypeVar("Node", bound=DOMNode)

POLL_SECONDS: Final = 0.001


class OrderedKeys(App[None]):
    """An application that holds a key back until the last one has had its effect."""

    def __init__(self) -> None:
        super().__init__()
        self._held: deque[events.InputEvent | events.Paste] = deque()
        self._is_busy = False
        """Whether a key has still to have its effect."""
        self._leader: tuple[Worker[Any], Screen[Any]] | None = None
        """A worker that may show another screen, and the screen that it began on."""
        self._watch: asyncio.Task[None] | None = None

    @property
    def is_ready(self) -> bool:
        """Whether the screen has all that its keys need."""
        return True

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.InputEvent | events.Paste) and not event.is_forwarded:
            if isinstance(event, events.MouseEvent) and not self._is_busy:
                await super().on_event(event)
                return
            # A click behind keys that are under way comes behind them.
            self._hold(event)
            if not self._is_busy:
                await self._send_next()
        else:
            await super().on_event(event)

    def _hold(self, event: events.InputEvent | events.Paste) -> None:
        last = self._held[-1] if self._held else None
        if isinstance(event, events.MouseMove) and isinstance(last, events.MouseMove):
            self._held.pop()  # where the mouse is now is all that matters of its way
        self._held.append(event)

    def lead(self, worker: Worker[Any]) -> None:
        """Hold keys back until the worker has shown its screen, or ended."""
        self._leader = worker, self.screen
        if not self._is_busy:
            # Not by a key: by a click, or from the palette.
            self._is_busy = True
            self.call_later(self._landed)

    async def _send_next(self) -> None:
        self._is_busy = bool(self._held)
        if self._is_busy and not self.is_ready:
            self._when(self._prepared(), self._send_next)
        elif self._is_busy:
            aim = self.focused or self.screen
            await super().on_event(self._held.popleft())
            self._when(drain(aim), self._landed)

    async def _landed(self) -> None:
        """What the key was sent to is done with it, and so is the application."""
        if self._leader is None:
            await self._send_next()
        else:
            leader, self._leader = self._leader, None
            # Again: another may have been named meanwhile.
            self._when(self._shown(*leader), self._landed)

    async def _prepared(self) -> None:
        while not self.is_ready:
            await asyncio.sleep(POLL_SECONDS)

    async def _shown(self, worker: Worker[Any], before: Screen[Any]) -> None:
        while not worker.is_finished and (self.screen is before or not self.screen.is_mounted):
            await asyncio.sleep(POLL_SECONDS)

    def _when(self, done: Coroutine[Any, Any, None], then: Callable[[], object]) -> None:
        """Call back in a turn of the application's own queue, behind keys that came back to it."""

        async def watch() -> None:
            try:
                with suppress(ScreenStackError):  # the application is ending
                    await done
            finally:
                # Whatever happens: keys that are held for ever are a dead keyboard.
                self.call_later(then)

        self._watch = asyncio.create_task(watch())


def leading(start: Callable[[Node], Worker[Any]]) -> Callable[[Node], None]:
    """For an action whose worker may show another screen: keys behind it wait for that."""

    @wraps(start)
    def lead(node: Node) -> None:
        app = node.app
        worker = start(node)
        if isinstance(app, OrderedKeys):
            app.lead(worker)

    return lead
