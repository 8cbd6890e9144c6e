"""A job's events for an asyncio reader, from a store that other threads write to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from generator.service.store import Ticket
from promptkit.job.events import Done, Event, Failed


async def watch(ticket: Ticket, beat: float) -> AsyncIterator[Event | None]:
    """Each event as it comes, from the latest to the last; None after ``beat`` quiet seconds.

    The reader's pace is its own matter: what happened while it was busy is one event, the latest.
    """
    loop = asyncio.get_running_loop()
    changed = asyncio.Event()

    def wake() -> None:
        with suppress(RuntimeError):  # the loop has closed, and its readers with it
            loop.call_soon_threadsafe(changed.set)

    seen: Event | None = None
    ticket.watchers.add(wake)
    try:
        while True:
            changed.clear()
            event = ticket.event
            if event is not seen:
                seen = event
                yield event
            if isinstance(event, Done | Failed):
                return
            try:
                await asyncio.wait_for(changed.wait(), beat)
            except TimeoutError:
                yield None
    finally:
        ticket.watchers.discard(wake)
