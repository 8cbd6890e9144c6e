"""What the generate screen's queue shows: one row an order."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from rich.text import Text

from promptkit.dispatch import Crashed, Done, Failed, FailureCode, Loading, Queued, Step
from promptkit.job.events import Event
from promptkit.tui.orders import Order

_BAR: Final = 10
_NAME: Final = 24
"""Characters of a picture's name."""


class Stage(StrEnum):
    """How far an order is."""

    WAITING = "waiting"
    LOADING = "loading the model"
    MAKING = "making"
    MADE = "made"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @property
    def is_open(self) -> bool:
        """Whether a picture may still come."""
        return self in (Stage.WAITING, Stage.LOADING, Stage.MAKING)


_STYLES: Final = {Stage.MADE: "green", Stage.FAILED: "red"}


@dataclass
class Row:
    """An order and what has become of it."""

    order: Order
    stage: Stage = Stage.WAITING
    words: str = ""
    """Besides the stage; in place of it where the order has ended."""
    step: int = 0
    steps: int = 0
    since: float = field(default_factory=time.monotonic)
    seconds: float = 0.0
    """What it took, once it is made."""

    def take(self, event: Event | Crashed) -> None:
        """The generator has told something of the order."""
        match event:
            case Queued(position):
                self.words = "" if position <= 1 else f"number {position} in the queue"
            case Loading():
                self.stage = Stage.LOADING
            case Step(step, steps):
                if self.stage is not Stage.MAKING or step < self.step:
                    self.since = time.monotonic()
                self.stage, self.step, self.steps, self.words = Stage.MAKING, step, steps, ""
            case Failed(code, words):
                is_cancelled = code is FailureCode.CANCELLED
                self.stage = Stage.CANCELLED if is_cancelled else Stage.FAILED
                self.words = "" if is_cancelled else words
            case Crashed():
                self.stage, self.words = Stage.WAITING, "the generator died and was started again"

    def finish(self, done: Done) -> None:
        """Its picture is there."""
        self.stage, self.seconds = Stage.MADE, done.seconds
        blocked = " · blocked by the model's safety filter" if done.blocked else ""
        self.words = f"{done.seconds:.1f} s · seed {done.seed}{blocked}"

    def give_up(self, why: str) -> None:
        """It will not be made."""
        self.stage, self.words = Stage.FAILED, why

    @property
    def seconds_left(self) -> float | None:
        """As the steps so far have it; the first one pays for much that is done once."""
        if self.stage is not Stage.MAKING or self.step < 2:
            return None
        return (time.monotonic() - self.since) / self.step * (self.steps - self.step)

    def line(self) -> Text:
        """Name, bar, time left."""
        text = Text(no_wrap=True, overflow="ellipsis")
        name = self.order.path.name
        # The end of a name is what tells it from the others.
        name = name if len(name) <= _NAME else f"…{name[1 - _NAME :]}"
        text.append(f"{name}  ", "bold")
        if self.stage is not Stage.MAKING:
            says_all = self.words and self.stage in (Stage.MADE, Stage.WAITING)
            words = self.words if says_all else " · ".join(filter(None, (self.stage, self.words)))
            return text.append(words, _STYLES.get(self.stage, "dim"))
        filled = _BAR * self.step // max(self.steps, 1)
        text.append("━" * filled, "green")
        text.append("━" * (_BAR - filled), "dim")
        text.append(f" {self.step}/{self.steps}")
        left = self.seconds_left
        if left is not None:
            text.append(f"  {span(left)} left", "dim")
        return text


def summary(rows: Collection[Row]) -> str:
    """How the whole queue stands."""
    if not rows:
        return "empty"
    made = [row for row in rows if row.stage is Stage.MADE]
    still = [row for row in rows if row.stage.is_open]
    words = f"{len(made)} made"
    if still:
        words += f" · {len(still)} to come"
        current = next((row for row in still if row.stage is Stage.MAKING), None)
        left = current.seconds_left if current else None
        if current is not None and left is not None:
            each = (left + time.monotonic() - current.since) * (len(still) - 1)
            words += f" · {span(left + each)} left"
    return words


def span(seconds: float) -> str:
    """A time as one reads it at a glance."""
    whole = round(seconds)
    return f"{whole} s" if whole < 90 else f"{whole // 60} min {whole % 60:02d} s"
