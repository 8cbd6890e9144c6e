"""The jobs that the service knows: those waiting, the one being done, and the last ones done.

Everything is bounded. A job keeps its latest event only, so a watcher costs nothing and a slow one
skips.

The worker's thread and the server's both come here. One lock guards the queue and every new event.
Reading takes none: it is one look at one thing, and a picture is there before the event that tells
of it. Nor does a watcher that comes or goes: those that are woken are copied in one go and after
the event, which one that comes later therefore sees.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Condition
from typing import Final

from promptkit.job import Job
from promptkit.job.events import Done, Event, Failed, FailureCode, Queued

CANCELLED: Final = Failed(FailureCode.CANCELLED, "cancelled")
STOPPED: Final = Failed(FailureCode.STOPPED, "the generator was stopped")


class QueueFullError(Exception):
    """There is no room for another job now."""


@dataclass(frozen=True)
class Limits:
    """How much the service holds."""

    waiting: int = 256
    waiting_bytes: int = 256 << 20
    """Of prompts and input pictures."""
    finished: int = 512
    finished_bytes: int = 256 << 20
    """Of pictures; the oldest are forgotten first."""


@dataclass(eq=False)
class Ticket:
    """A job and where it stands."""

    id: str
    job: Job | None
    """None once it is finished: the picture's record has it."""
    event: Event
    """The latest; a new object each time, so that a watcher sees whether it knows it."""
    cancelled: bool = False
    image: bytes | None = None
    watchers: set[Callable[[], None]] = field(default_factory=set)

    @property
    def finished(self) -> bool:
        """Whether its last event has come."""
        return isinstance(self.event, Done | Failed)


class JobStore:
    """All tickets. Every method may be called from any thread."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._changed = Condition()
        self._tickets: OrderedDict[str, Ticket] = OrderedDict()
        self._waiting: deque[Ticket] = deque()
        self._finished: deque[Ticket] = deque()
        self._finished_bytes = 0
        self._closed = False

    def submit(self, jobs: list[Job]) -> list[Ticket]:
        """Queue jobs behind all others: all of them, or none with QueueFullError."""
        with self._changed:
            size = sum(_weight(t.job) for t in self._waiting) + sum(map(_weight, jobs))
            full = len(self._waiting) + len(jobs) > self._limits.waiting
            if self._closed or full or size > self._limits.waiting_bytes:
                raise QueueFullError
            tickets = []
            for job in jobs:
                ticket = Ticket(secrets.token_hex(8), job, Queued(len(self._waiting) + 1))
                self._tickets[ticket.id] = ticket
                self._waiting.append(ticket)
                tickets.append(ticket)
            self._changed.notify_all()
            return tickets

    def take(self) -> Ticket | None:
        """The next job, waiting for one; None when the service closes."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            if self._closed:
                return None
            ticket = self._waiting.popleft()
            self._renumber()
            return ticket

    def publish(self, ticket: Ticket, event: Event, image: bytes | None = None) -> None:
        """Tell a job's watchers what has happened; the last event comes with the picture."""
        with self._changed:
            if ticket.finished:
                return  # it was given up before its worker knew
            ticket.image = image  # before the event, which tells readers of it
            ticket.event = event
            if ticket.finished:
                ticket.job = None
                self._finished.append(ticket)
                self._finished_bytes += len(image or b"")
                self._forget_oldest()
            watchers = tuple(ticket.watchers)
        for wake in watchers:
            wake()

    def cancel(self, ticket: Ticket) -> None:
        """Give a job up: at once while it waits, after its current step while it is being done."""
        with self._changed:
            ticket.cancelled = True
            waiting = ticket in self._waiting
            if waiting:
                self._waiting.remove(ticket)
                self._renumber()
        if waiting:
            self.publish(ticket, CANCELLED)

    def find(self, job_id: str) -> Ticket | None:
        """The ticket with this id, unless it has been forgotten."""
        return self._tickets.get(job_id)

    def waiting(self) -> int:
        """How many jobs wait."""
        return len(self._waiting)

    def close(self) -> None:
        """Take no more jobs, and end those that wait or are being done."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            unfinished = [ticket for ticket in self._tickets.values() if not ticket.finished]
            self._changed.notify_all()
        for ticket in unfinished:
            ticket.cancelled = True
            self.publish(ticket, STOPPED)

    def _renumber(self) -> None:
        for position, ticket in enumerate(self._waiting, start=1):
            ticket.event = Queued(position)
            for wake in tuple(ticket.watchers):
                wake()

    def _forget_oldest(self) -> None:
        limits = self._limits
        while len(self._finished) > 1 and (
            len(self._finished) > limits.finished or self._finished_bytes > limits.finished_bytes
        ):
            oldest = self._finished.popleft()
            self._finished_bytes -= len(oldest.image or b"")
            del self._tickets[oldest.id]


def _weight(job: Job | None) -> int:
    return len(job.prompt) + len(job.input_image or b"") if job else 0
