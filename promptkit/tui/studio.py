"""The generator behind the screen: a thread that renders what is handed in, one job at a time.

It speaks in messages alone. The generator stays open from one job to the next, so that its model
is loaded once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Condition, Thread

from textual.message import Message

from promptkit.dispatch import Done, Failed, Generator, Picture, open_generator
from promptkit.dispatch.client import Update
from promptkit.errors import PromptkitError
from promptkit.files import write_file
from promptkit.job import Job
from promptkit.job.events import FailureCode
from promptkit.tui.orders import Finished, Opened, Order, Place, Progress, Stopped

_CANCELLED = Failed(FailureCode.CANCELLED, "cancelled")


class Studio:
    """Orders in, messages out; ``tell`` is called from the thread."""

    def __init__(self, place: Place, tell: Callable[[Message], object]) -> None:
        self._place = place
        self._tell = tell
        self._changed = Condition()
        self._waiting: deque[Order] = deque()
        self._current: Order | None = None
        self._given_up: set[int] = set()
        self._generator: Generator | None = None
        self._thread: Thread | None = None
        self._count = 0
        self._closing = False

    @property
    def pending(self) -> int:
        """How many pictures are still to come."""
        with self._changed:
            return len(self._waiting) + (self._current is not None)

    def submit(self, jobs: Sequence[tuple[Job, Path]]) -> list[Order]:
        """Hand jobs in; they are made one after the other."""
        orders = []
        for job, path in jobs:
            self._count += 1
            orders.append(Order(self._count, job, path))
        with self._changed:
            self._waiting += orders
            self._changed.notify()
        if self._thread is None:
            self._thread = Thread(target=self._work, name="studio", daemon=True)
            self._thread.start()
        return orders

    def cancel(self, number: int | None = None) -> None:
        """Give up one order, or all of them; each is told as cancelled."""
        with self._changed:
            gone = [order for order in self._waiting if number in (None, order.number)]
            self._waiting = deque(order for order in self._waiting if order not in gone)
            current = self._current
            if current is not None and number in (None, current.number):
                self._given_up.add(current.number)
                if self._generator is not None:
                    # Over the wire, so not on the screen's own thread.
                    Thread(target=self._generator.cancel, daemon=True).start()
        for order in gone:
            self._tell(Progress(order, _CANCELLED))

    def close(self) -> None:
        """End the generator with the editor; never waits for long."""
        self._closing = True
        self.cancel()
        with self._changed:
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(2.0)

    def _work(self) -> None:
        while (order := self._next()) is not None:
            try:
                self._serve(order)
            except PromptkitError as error:
                self._stop(str(error))
            except OSError as error:
                self._stop(f"the generator cannot be used: {error}")

    def _next(self) -> Order | None:
        """The order to be made, as soon as there is one; None when the editor closes."""
        with self._changed:
            self._current = None
            self._changed.wait_for(lambda: self._waiting or self._closing)
            if not self._closing:
                self._current = self._waiting.popleft()
            return self._current

    def _stop(self, problem: str) -> None:
        """Give up all that waits: without a generator none of it can be made."""
        with self._changed:
            self._waiting.clear()
        self._tell(Stopped(problem))

    def _serve(self, order: Order | None) -> None:
        """Open the generator and keep it until the editor closes."""
        place = self._place
        with open_generator(place.server, model=place.model, command=place.command) as generator:
            served = generator.served
            self._tell(Opened(served.name, generator.note, served.defaults))
            with self._changed:
                self._generator = generator
            try:
                while order is not None:
                    self._render(generator, order)
                    order = self._next()
            finally:
                with self._changed:
                    self._generator = None

    def _render(self, generator: Generator, order: Order) -> None:
        if order.number in self._given_up:
            # While the generator was being started.
            self._tell(Progress(order, _CANCELLED))
            return
        # Findings are on the screen already; whoever renders all the same means it.
        for update in generator.render([order.job], allow_findings=True):
            self._take(order, update)
            if order.number in self._given_up:
                generator.cancel()

    def _take(self, order: Order, update: Update) -> None:
        event = update.event
        if isinstance(event, Picture):
            write_file(order.path, event.png)
            self._tell(Finished(order, event.done))
        elif not isinstance(event, Done):
            self._tell(Progress(order, event))


def free_paths(folder: Path, stem: str, count: int) -> list[Path]:
    """Names for so many pictures that no file has yet."""
    found: list[Path] = []
    number = 1
    while len(found) < count:
        suffix = "" if number == 1 else f"-{number}"
        path = folder / f"{stem}{suffix}.png"
        if not path.exists():
            found.append(path)
        number += 1
    return found
