"""The generator behind the screen: a thread that renders what is handed in, one job at a time.

It speaks in messages alone. The generator is opened before there is anything to make, so that it
can say which parameters suit its model, and stays open from one job to the next, so that this model
is loaded once.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Condition, Thread
from types import MappingProxyType
from typing import Any, Final

from textual.message import Message

from promptkit.dispatch import Done, Failed, Generator, Picture, open_generator
from promptkit.dispatch.client import Update
from promptkit.errors import PromptkitError, UsageError
from promptkit.files import write_file
from promptkit.job import Job
from promptkit.job.events import FailureCode
from promptkit.tui.orders import (
    Finished,
    Opened,
    Order,
    Place,
    Progress,
    Starting,
    Stopped,
)

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
_CANCELLED: Final = Failed(FailureCode.CANCELLED, "cancelled")


class Studio:
    """Orders in, messages out; ``tell`` is called from the thread."""

    def __init__(self, place: Place, tell: Callable[[Message], object]) -> None:
        self._place = place
        self._tell = tell
        self._changed = Condition()
        self._waiting: deque[Order] = deque()
        self._current: Order | None = None
        self._given_up: set[int] = set()
        self._is_wanted = False
        self._generator: Generator | None = None
        self._cancelling: Thread | None = None
        self._thread: Thread | None = None
        self._count = 0
        self._closing = False

    @property
    def pending(self) -> int:
        """How many pictures are still to come."""
        with self._changed:
            return len(self._waiting) + (self._current is not None)

    def open(self) -> None:
        """Have the generator opened, unless it is; ``Opened`` or ``Stopped`` tells how it went."""
        with self._changed:
            self._is_wanted = self._generator is None
            self._changed.notify()
            if self._thread is None:
                self._thread = Thread(target=self._work, name="studio", daemon=True)
                self._thread.start()

    def submit(
        self, jobs: Sequence[tuple[Job, Path]], chosen: Mapping[str, Any] = NOTHING
    ) -> list[Order]:
        """Hand jobs in; they are made one after the other.

        What is not ``chosen`` of their parameters gives way to what suits the model.
        """
        orders = []
        for job, path in jobs:
            self._count += 1
            orders.append(Order(self._count, job, path, chosen))
        with self._changed:
            self._waiting += orders
        self.open()
        return orders

    def cancel(self, number: int | None = None) -> None:
        """Give up one order, or all of them; each is told as cancelled."""
        with self._changed:
            gone = [order for order in self._waiting if number in (None, order.number)]
            self._waiting = deque(order for order in self._waiting if order not in gone)
            current = self._current
            if current is not None and number in (None, current.number):
                self._given_up.add(current.number)
                told = self._cancelling is not None and self._cancelling.is_alive()
                if self._generator is not None and not told:
                    # Over the wire, so not on the screen's own thread.
                    self._cancelling = Thread(target=self._generator.cancel, daemon=True)
                    self._cancelling.start()
        for order in gone:
            self._tell(Progress(order, _CANCELLED))

    def close(self) -> None:
        """End the generator with the editor; never waits for long."""
        with self._changed:
            # One that is only being started ends with this process, whose end of its pipe closes.
            thread = None if self._generator is None else self._thread
            self._closing = True
            self._changed.notify()
        self.cancel()
        if thread is not None:
            thread.join(2.0)

    def _work(self) -> None:
        try:
            while self._is_needed():
                try:
                    self._serve()
                except PromptkitError as error:
                    self._stop(str(error))
                except OSError as error:
                    self._stop(f"the generator cannot be used: {error}")
        finally:
            # After an error that nobody foresaw, too, the next order has a thread to wait for.
            with self._changed:
                self._thread = None
                if not self._closing:
                    self._stop("an error that nobody foresaw ended this; try again")

    def _is_needed(self) -> bool:
        """Wait until there is something to open a generator for; False when the editor closes."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_wanted or self._closing)
            return not self._closing

    def _next(self) -> Order | None:
        """The order to be made, as soon as there is one; None when the editor closes."""
        with self._changed:
            self._current = None
            cancelling, self._cancelling = self._cancelling, None
        if cancelling is not None:
            cancelling.join()  # it means the order that has just ended, not the one that follows
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closing)
            if not self._closing:
                self._current = self._waiting.popleft()
            return self._current

    def _stop(self, problem: str) -> None:
        """Give up all that waits: without a generator none of it can be made."""
        with self._changed:
            lost = [*([self._current] if self._current else []), *self._waiting]
            self._waiting.clear()
            self._current = None
            self._is_wanted = False
        self._tell(Stopped(problem, [order.number for order in lost]))

    def _serve(self) -> None:
        """Open the generator and keep it until the editor closes."""
        place = self._place
        with open_generator(
            place.server, model=place.model, command=place.command, hear=self._hear
        ) as generator:
            served = generator.served
            self._tell(Opened(served.name, generator.note, served.defaults))
            with self._changed:
                self._generator = generator
                self._is_wanted = False
            try:
                while (order := self._next()) is not None:
                    self._render(generator, order)
            finally:
                with self._changed:
                    self._generator = None

    def _hear(self, piece: str) -> None:
        """A download's progress, line over line."""
        self._tell(Starting(piece.replace("\n", "\r").rstrip("\r").rpartition("\r")[2].strip()))

    def _render(self, generator: Generator, order: Order) -> None:
        try:
            job = order.job_for(generator.served.defaults)
        except UsageError as error:
            self._tell(Progress(order, Failed(FailureCode.REFUSED, str(error))))
            return
        # Findings are on the screen already; whoever renders all the same means it.
        for update in generator.render([job], allow_findings=True):
            self._take(order, update)
            if order.number in self._given_up:
                generator.cancel()

    def _take(self, order: Order, update: Update) -> None:
        event = update.event
        if isinstance(event, Picture):
            try:
                path = written(order.path, event.png)
            except PromptkitError as error:
                # Its own misfortune: the others may still be made.
                self._tell(Progress(order, Failed(FailureCode.ENGINE, str(error))))
            else:
                self._tell(Finished(replace(order, path=path), event.done))
        elif not isinstance(event, Done):
            self._tell(Progress(order, event))


def written(path: Path, png: bytes) -> Path:
    """Write a picture where none is: another program may have taken its name while it was made."""
    if path.exists():
        path = free_path(path.parent, path.stem)
    write_file(path, png)
    return path


def free_path(folder: Path, stem: str, taken: Collection[Path] = ()) -> Path:
    """A name for a picture that neither a file nor any of ``taken`` has yet."""
    names = itertools.chain([stem], (f"{stem}-{number}" for number in itertools.count(2)))
    paths = (folder / f"{name}.png" for name in names)
    return next(path for path in paths if path not in taken and not path.exists())
