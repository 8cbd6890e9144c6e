"""Waiting until keys that are under way have arrived.

A letter goes through the queue of the field with the cursor, and its change through those of all
that hold the field, while the keys of the application act at once: whoever types and saves quickly
would save without the last letters.
"""

from __future__ import annotations

import asyncio
from typing import Final

from textual.screen import Screen

SECONDS: Final = 5.0
"""A queue that takes longer belongs to a widget that has gone."""


async def settle(screen: Screen[object]) -> None:
    """Return when all that was typed on the screen so far has reached it."""
    field = screen.focused
    if field is None:
        return
    for node in field.ancestors_with_self:
        # Twice: what a queued key sets off is queued behind the first turn.
        for _ in range(2):
            turn = asyncio.Event()
            if node.call_later(turn.set):
                try:
                    await asyncio.wait_for(turn.wait(), SECONDS)
                except TimeoutError:
                    break
        if node is screen:
            break
