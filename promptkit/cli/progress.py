"""How far ``generate`` is: a line that redraws itself on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from typing import Final, TextIO

from promptkit.cli import console
from promptkit.job.events import Done, Event, Loading, Queued, Step
from promptkit.report.cells import cell_width, visible

_BAR: Final = 20
_SHORT_BAR: Final = 5
_SHORT_NAME: Final = 12
"""A name gives way to the bar as long as this many cells of it are left."""
_CLEAR: Final = "\r\x1b[K"


class Progress:
    """Told what happens; writes to stderr."""

    def __init__(self, total: int, stream: TextIO | None = None) -> None:
        self._total = total
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._finished = 0
        self._seconds = 0.0
        self._first_step: tuple[int, float] | None = None
        self._drawn = False

    def say(self, message: str) -> None:
        """Talk without tearing the line apart."""
        self._wipe()
        console.talk(message)

    def show(self, name: str, event: Event) -> None:
        """Draw where the current picture is."""
        if not self._live:
            return
        count = f"[{self._finished + 1}/{self._total}]"
        done = event.step / event.steps if isinstance(event, Step) else None
        width = console.width(self._stream) - 1
        line = _line(width, count, visible(name), done, self._state(event))
        self._stream.write(_CLEAR + line)
        self._stream.flush()
        self._drawn = True

    def finish(self, name: str, done: Done | None) -> None:
        """A picture is finished, or has failed if ``done`` is None."""
        self._wipe()  # what is printed next may go to the same terminal
        self._finished += 1
        self._first_step = None
        if done is not None:
            self._seconds += done.seconds
            if not self._live:
                console.talk(f"[{self._finished}/{self._total}] {name}: {done.seconds:.1f} s")

    def close(self) -> None:
        """Leave the terminal as it was."""
        self._wipe()

    def _state(self, event: Event) -> str:
        match event:
            case Queued(position):
                return f"queued, {position} in line"
            case Loading(plan):
                return f"loading the model, {plan}" if plan else "loading the model"
            case Step(step, steps, memory):
                parts = [f"step {step}/{steps}", self._left(step, steps), _gigabytes(memory)]
                return "  ".join(filter(None, parts))
            case _:
                return "saving"

    def _left(self, step: int, steps: int) -> str:
        """Time left for the batch, from this picture's pace once it has one."""
        now = time.monotonic()
        if step == 0 or self._first_step is None or self._first_step[0] > step:
            self._first_step = (step, now)
            return ""
        first, since = self._first_step
        if step == first:
            return ""
        picture = (now - since) / (step - first)
        others = self._total - self._finished - 1
        seconds = picture * (steps - step) + others * (picture * steps)
        return f"{_clock(seconds)} left"

    def _wipe(self) -> None:
        if self._drawn:
            self._stream.write(_CLEAR)
            self._stream.flush()
            self._drawn = False


def _line(width: int, count: str, name: str, done: float | None, state: str) -> str:
    """What fits into ``width`` cells: the name gives way first, then the bar, then the count.

    ``done`` is the share that the bar shows, None for no bar.
    """
    room = width - len(count) - 1 - len(state)
    if room < 0:
        return state[:width]
    bar = 0 if done is None else min(_BAR, room - min(cell_width(name), _SHORT_NAME) - 3)
    bar = bar if bar >= _SHORT_BAR else 0
    filled = int(bar * (done or 0.0))
    drawn = "━" * filled + "─" * (bar - filled) + " " if bar else ""
    shown = _end_of(name, room - len(drawn) - 2)
    return f"{count} {shown}{'  ' if shown else ''}{drawn}{state}"


def _end_of(name: str, room: int) -> str:
    """The end of a name, which tells pictures apart, in so many cells; nothing if that is few."""
    if cell_width(name) <= room:
        return name
    while name and cell_width(name) > room - 1:
        name = name[1:]
    return f"…{name}" if len(name) >= _SHORT_NAME // 2 else ""


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _gigabytes(count: int | None) -> str:
    return f"{count / 1e9:.1f} GB" if count else ""
