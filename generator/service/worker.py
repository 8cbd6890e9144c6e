"""The one thread that works: takes a job, renders it, tells how it goes."""

from __future__ import annotations

import io
import logging
import secrets
import time
from collections.abc import Callable
from threading import Thread
from traceback import format_exception_only
from typing import Final

from PIL import Image

from generator.errors import CancelledError, RequestError
from generator.service.blocked import looks_blocked
from generator.service.engine import Engine, EngineMemoryError, StepReport
from generator.service.store import CANCELLED, JobStore, Ticket
from promptkit.errors import GeneratorError
from promptkit.job import Job, Record, png_bytes
from promptkit.job.events import Done, Failed, FailureCode, Loading, Step

log = logging.getLogger(__name__)

PREVIEW_SECONDS: Final = 0.7
"""Least time between two previews: each takes a fraction of a step from the picture."""


class Worker(Thread):
    """Renders the store's jobs, one after the other.

    A job's own failure is told and the next one begins. An error that nobody foresaw is told too,
    and ends the thread, with ``on_crash`` called: after it nothing that the device holds can be
    trusted, and a fresh process is the cure, for the same job too.
    """

    def __init__(self, store: JobStore, engine: Engine, on_crash: Callable[[], None]) -> None:
        super().__init__(name="worker", daemon=True)
        self._store = store
        self._engine = engine
        self._on_crash = on_crash
        self.crashed = False
        """Whether an error that nobody foresaw has ended it."""

    def run(self) -> None:
        ended = False
        try:
            while (ticket := self._store.take()) is not None:
                self._do(ticket)
            ended = True
        finally:
            if not ended:
                self.crashed = True
                self._on_crash()

    def _do(self, ticket: Ticket) -> None:
        job = ticket.job
        if ticket.cancelled or job is None:
            self._store.publish(ticket, CANCELLED)
            return
        try:
            event, image = self._render(ticket, job)
        except CancelledError:
            event, image = CANCELLED, None
        except RequestError as error:
            event, image = Failed(FailureCode.REFUSED, str(error)), None
        except EngineMemoryError as error:
            event, image = Failed(FailureCode.OUT_OF_MEMORY, str(error)), None
        except GeneratorError as error:
            event, image = Failed(FailureCode.ENGINE, str(error)), None
        except BaseException as error:
            # Said here: whoever closes the store does not know why.
            self._store.publish(ticket, _breakdown(error))
            raise
        if isinstance(event, Failed):
            log.warning("job %s: %s", ticket.id, event.message)
        self._store.publish(ticket, event, image)

    def _render(self, ticket: Ticket, job: Job) -> tuple[Done | Failed, bytes]:
        engine = self._engine
        if not engine.loaded:
            self._store.publish(ticket, Loading(engine.plan()))
            engine.load(job)
        started = time.monotonic()
        seed = secrets.randbelow(2**32) if job.seed is None else job.seed
        self._store.publish(ticket, Step(0, job.steps))
        image = engine.render(job, seed, self._reporter(ticket))
        png = png_bytes(image, Record(job=job, seed=seed, made_by=engine.maker()))
        seconds = time.monotonic() - started
        return Done(seed, seconds, engine.peak_memory(), looks_blocked(image)), png

    def _reporter(self, ticket: Ticket) -> Callable[[StepReport], bool]:
        last_preview = time.monotonic()

        def report(state: StepReport) -> bool:
            nonlocal last_preview
            if ticket.cancelled:
                return False
            preview = None
            if ticket.watchers and time.monotonic() - last_preview >= PREVIEW_SECONDS:
                preview = _jpeg(state.preview())
                last_preview = time.monotonic()
            memory = self._engine.peak_memory()
            self._store.publish(ticket, Step(state.step, state.steps, memory, preview))
            return True

        return report


def _breakdown(error: BaseException) -> Failed:
    words = "".join(format_exception_only(error)).strip()
    message = f"the generator broke down and ends; start it again and retry the job: {words}"
    return Failed(FailureCode.STOPPED, message)


def _jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, format="JPEG", quality=75)
    return buffer.getvalue()
