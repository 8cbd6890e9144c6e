"""Waiting until keys that are under way have arrived.

A letter goes through the queue of the field with the cursor, and its change through those of all
that hold the field, while the keys of the application act at once: whoever types and saves quickly
would save without the last letters.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Final

from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget

SECONDS: Final = 5.0
"""How long a queue may take."""
_LOOK_SECONDS: Final = 0.05


async def settle(screen: Screen[object]) -> None:
    """Return when all that was typed on the screen so far has reached it."""
    if screen.focused is not None:
        await drain(screen.focused)


async def drain(widget: Widget) -> None:
    """Return when what is queued for the widget now has come up to its screen."""
    for node in widget.ancestors_with_self:
        # Twice: what a queued key sets off is queued behind the first turn.
        for _ in range(2):
            turn = asyncio.Event()
            if node.call_later(turn.set):
                await _either(turn, node)
        if isinstance(node, Screen):
            break


async def _either(turn: asyncio.Event, node: MessagePump) -> None:
    """The turn has come, or never will, as the node has gone."""
    end = time.monotonic() + SECONDS
    while not turn.is_set() and node.is_running and time.monotonic() < end:
        with suppress(TimeoutError):
            await asyncio.wait_for(turn.wait(), _LOOK_SECONDS)
