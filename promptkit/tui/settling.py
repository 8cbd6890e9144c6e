"""Waiting until keys that are under way have arrived.

A letter goes through the queue of the field with the cursor, and its change through those of all
that hold the field, while the keys of the application act at once: whoever types and saves quickly
would save without the last letters.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, Final, TypeVar

from textual.dom import DOMNode
from textual.screen import Screen
from textual.worker import Worker

Node = TypeVar("Node", bound=DOMNode)

POLL_SECONDS: Final = 0.001
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


def leading(start: Callable[[Node], Worker[Any]]) -> Callable[[Node], Awaitable[None]]:
    """For an action whose worker shows another screen: keys that come behind it wait for that.

    Actions are run by the application, whose queue holds the keys. It goes on when the other screen
    is there to take them, or when the worker has ended without one.
    """

    @wraps(start)
    async def lead(node: Node) -> None:
        app = node.app
        before, worker = app.screen, start(node)
        while not worker.is_finished and (app.screen is before or not app.screen.is_mounted):
            await asyncio.sleep(POLL_SECONDS)

    return lead
