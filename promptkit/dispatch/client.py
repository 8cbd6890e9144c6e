"""Render jobs, one after the other and in order, whatever becomes of the generator meanwhile."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self

from promptkit.dispatch.child import TOKEN_VARIABLE
from promptkit.dispatch.connection import (
    Connection,
    QueueFullError,
    RefusedError,
    ServedModel,
)
from promptkit.dispatch.source import LocalSource, RemoteSource, Source
from promptkit.dispatch.wire import UnreachableError
from promptkit.errors import GeneratorError, PromptkitError
from promptkit.job import Job
from promptkit.job.events import Done, Event, Failed, FailureCode, Queued

WINDOW: Final = 4
"""Jobs that are with the generator at a time: enough that it never waits for us."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished picture."""

    png: bytes = field(repr=False)
    done: Done


@dataclass(frozen=True, slots=True)
class Crashed:
    """The generator died; another one has been started and the job begins anew."""

    last_words: str


@dataclass(frozen=True, slots=True)
class Update:
    """Something happened to a job."""

    index: int
    """Which of the jobs, from 0."""
    event: Event | Picture | Crashed
    """``Picture`` follows ``Done``; it and ``Failed`` are a job's last."""


def open_generator(
    server: str | None = None,
    *,
    model: str | None = None,
    command: Sequence[str] | None = None,
    hear: Callable[[str], None] | None = None,
    options: Sequence[str] = (),
) -> Generator:
    """A generator to use in a ``with`` block.

    Args:
        server: ``unix:PATH`` or a URL; None starts one on this machine. The token of a remote one
            is taken from the environment variable PROMPTKIT_TOKEN.
        model: what a local one is to serve; a remote one must serve it already.
        command: what to start instead of ``python -m generator serve``.
        hear: told how the download goes, where a local generator makes one while it starts.
        options: how a local one is to serve, e.g. ``("--tier", "faithful")``; see ``python -m
            generator serve --help``. A remote one serves as it was started.
    """
    if server is not None:
        return Generator(RemoteSource(server, os.environ.get(TOKEN_VARIABLE)), model)
    return Generator(LocalSource(model, command, hear, options), None)


class Generator:
    """A generator that can be reached. ``render`` belongs to one thread, ``cancel`` to any."""

    def __init__(self, source: Source, model: str | None) -> None:
        self._source = source
        self._wanted = model
        self._connection: Connection | None = None
        self._flying: dict[int, str] = {}
        self._cancelled = False
        self.served = ServedModel("", "")
        """What it makes pictures with; known inside the ``with`` block."""

    @property
    def note(self) -> str:
        """Why this model is served, where nobody chose it."""
        return self._source.note

    def __enter__(self) -> Self:
        """Start it or reach it.

        Raises:
            GeneratorError: with its last words, or why it cannot be reached.
        """
        try:
            self._connect()
            self._check_model()
        except BaseException:
            self._source.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._source.close()

    def render(self, jobs: Sequence[Job], *, allow_findings: bool = False) -> Iterator[Update]:
        """Make pictures, telling what happens, in the order of the jobs.

        A job that fails does not keep the others. A local generator that dies is started again
        and is given what was not done.

        Raises:
            GeneratorError: the generator cannot be reached, or died twice without a picture
                between. What had not been yielded as a ``Picture`` is not done.
        """
        waiting = deque(range(len(jobs)))
        self._flying.clear()
        self._cancelled = False
        crashed = False
        try:
            while waiting or self._flying:
                try:
                    yield from self._hand_in(waiting, jobs, allow_findings=allow_findings)
                    for update in self._follow_first():
                        yield update
                        crashed = crashed and not isinstance(update.event, Picture)
                except UnreachableError as error:
                    waiting.extendleft(sorted(self._flying, reverse=True))
                    self._flying.clear()
                    words = self._source.bury(error, final=crashed)
                    crashed = True
                    yield Update(waiting[0], Crashed(words))
                    self._connect()
        finally:
            self._give_up_flying()

    def cancel(self) -> None:
        """Have ``render`` end: each job that is not done becomes ``Failed`` as cancelled."""
        self._cancelled = True
        self._give_up_flying()

    def _check_model(self) -> None:
        if self._wanted not in {None, self.served.name}:
            raise GeneratorError(
                f"the generator serves {self.served.name}, not {self._wanted}; "
                "leave --model out, or name another --server"
            )

    def _connect(self) -> None:
        self._connection = self._source.connect()
        self.served = self._connection.model()

    def _hand_in(
        self, waiting: deque[int], jobs: Sequence[Job], *, allow_findings: bool
    ) -> Iterator[Update]:
        """Fill the window; jobs that are refused at the door are told at once."""
        connection = self._connected()
        while waiting and len(self._flying) < WINDOW:
            index = waiting[0]
            if self._cancelled:
                if self._flying:
                    break  # they come first
                waiting.popleft()
                yield Update(index, Failed(FailureCode.CANCELLED, "cancelled"))
                continue
            try:
                self._flying[index] = connection.submit(jobs[index], allow_findings=allow_findings)
            except QueueFullError as full:
                if self._flying:
                    return
                yield Update(index, Queued(connection.waiting() + 1))
                time.sleep(full.seconds)
                continue
            except RefusedError as error:
                yield Update(index, Failed(FailureCode.REFUSED, str(error)))
            waiting.popleft()
        if self._cancelled:
            self._give_up_flying()  # among them what was handed in while it was said

    def _follow_first(self) -> Iterator[Update]:
        """The rest of the life of the job that is furthest on."""
        if not self._flying:
            return
        connection = self._connected()
        index, job_id = next(iter(self._flying.items()))
        last: Event | None = None
        try:
            for last in connection.events(job_id):
                if isinstance(last, Failed) and last.code is FailureCode.STOPPED:
                    raise UnreachableError(last.message)
                yield Update(index, last)
            if isinstance(last, Done):
                yield Update(index, Picture(connection.image(job_id), last))
            elif not isinstance(last, Failed):
                raise UnreachableError("the generator ended in the middle of a job")
        except RefusedError as error:
            # It knows nothing of the job any more: it is not the one that took it.
            raise UnreachableError(str(error)) from error
        del self._flying[index]

    def _give_up_flying(self) -> None:
        for job_id in list(self._flying.values()):
            with suppress(PromptkitError):
                self._connected().cancel(job_id)

    def _connected(self) -> Connection:
        if self._connection is None:
            raise RuntimeError("use the generator in a with block")
        return self._connection
