"""The generator behind the screen: a thread that renders what is handed in, one job at a time.

It speaks in messages alone. The generator stays open from one job to the next, so that its model
is loaded once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread

from textual.message import Message

from promptkit.dispatch import Done, Failed, Generator, Picture, open_generator
from promptkit.dispatch.client import Update
from promptkit.errors import PromptkitError
from promptkit.files import write_file
from promptkit.job import Job
from promptkit.job.events import FailureCode
from promptkit.tui.orders import Finished, Order, Place, Progress, Stopped


class Studio:
    """Orders in, messages out; ``tell`` is called from the thread."""

    def __init__(self, place: Place, tell: Callable[[Message], object]) -> None:
        self._place = place
        self._tell = tell
        self._orders: SimpleQueue[Sequence[Order] | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._generator: Generator | None = None
        self._lock = Lock()
        self._count = 0
        self._closing = False

    def submit(self, jobs: Sequence[tuple[Job, Path]]) -> list[Order]:
        """Hand jobs in; they are made one after the other."""
        orders = []
        for job, path in jobs:
            self._count += 1
            orders.append(Order(self._count, job, path))
        self._orders.put(orders)
        if self._thread is None:
            self._thread = Thread(target=self._work, name="studio", daemon=True)
            self._thread.start()
        return orders

    def cancel(self) -> None:
        """Give up what is being made and all that waits."""
        try:
            while True:
                self._orders.get_nowait()
        except Empty:
            pass
        with self._lock:
            generator = self._generator
        if generator is not None:
            # Over the wire, so not on the screen's own thread.
            Thread(target=generator.cancel, daemon=True).start()

    def close(self) -> None:
        """End the generator with the editor; never waits for long."""
        self._closing = True
        self.cancel()
        self._orders.put(None)
        if self._thread is not None:
            self._thread.join(2.0)

    def _work(self) -> None:
        while (orders := self._orders.get()) is not None:
            try:
                self._serve(orders)
            except PromptkitError as error:
                self._tell(Stopped(str(error)))
            except OSError as error:
                self._tell(Stopped(f"the generator cannot be used: {error}"))
            finally:
                with self._lock:
                    self._generator = None
            if self._closing:
                return

    def _serve(self, orders: Sequence[Order] | None) -> None:
        """Open the generator and keep it until the editor closes."""
        place = self._place
        with open_generator(place.server, model=place.model, command=place.command) as generator:
            with self._lock:
                self._generator = generator
            while orders is not None:
                self._render(generator, orders)
                orders = self._orders.get()

    def _render(self, generator: Generator, orders: Sequence[Order]) -> None:
        problem = ""
        jobs = [order.job for order in orders]
        # Findings are on the screen already; whoever renders all the same means it.
        for update in generator.render(jobs, allow_findings=True):
            problem = self._take(orders[update.index], update) or problem
        self._tell(Stopped(problem))

    def _take(self, order: Order, update: Update) -> str:
        event = update.event
        if isinstance(event, Picture):
            write_file(order.path, event.png)
            self._tell(Finished(order, event.done))
        elif not isinstance(event, Done):
            self._tell(Progress(order, event))
        if isinstance(event, Failed) and event.code is not FailureCode.CANCELLED:
            return event.message
        return ""


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
