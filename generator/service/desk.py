"""Between the routes and the queue: take jobs in, look jobs up, hand pictures out."""

from __future__ import annotations

from dataclasses import dataclass

from generator.service.admission import admit
from generator.service.answers import RefusalError
from generator.service.engine import Engine
from generator.service.store import JobStore, QueueFullError, Ticket
from promptkit.job import Job
from promptkit.job.events import Done, Failed, FailureCode


@dataclass(frozen=True)
class Desk:
    """A store that a worker empties, and the engine that it empties it with."""

    store: JobStore
    engine: Engine

    def submit(self, jobs: list[Job], *, allow_findings: bool) -> list[Ticket]:
        """Queue the jobs, or raise RefusalError for the first that will not do."""
        for job in jobs:
            admit(job, self.engine, allow_findings=allow_findings)
        try:
            return self.store.submit(jobs)
        except QueueFullError as error:
            message = "the queue is full; try again when a picture is done"
            raise RefusalError(429, "queue_full", message) from error

    def find(self, job_id: str) -> Ticket:
        """The ticket with this id, or RefusalError."""
        ticket = self.store.find(job_id)
        if ticket is None:
            message = f"no job {job_id} is known here; it is forgotten, or the service restarted"
            raise RefusalError(404, "unknown_job", message)
        return ticket


def picture(ticket: Ticket) -> bytes:
    """The PNG of a job that is done; RefusalError for any other."""
    event, image = ticket.event, ticket.image
    if isinstance(event, Failed):
        status = 422 if event.code is FailureCode.REFUSED else 500
        raise RefusalError(status, event.code, event.message)
    if not isinstance(event, Done) or image is None:
        raise RefusalError(409, "unfinished", f"job {ticket.id} is not done yet")
    return image
