"""How far ``generate`` is: a line that redraws itself on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from typing import Final, TextIO

from promptkit.cli import console
from promptkit.job.events import Done, Event, Loading, Queued, Step

_BAR: Final = 20
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
        line = f"[{self._finished + 1}/{self._total}] {name}  {self._state(event)}"
        self._stream.write(_CLEAR + line[: console.width(self._stream) - 1])
        self._stream.flush()
        self._drawn = True

    def finish(self, name: str, done: Done | None) -> None:
        """A picture is finished, or has failed if ``done`` is None."""
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
            case Loading():
                return "loading the model"
            case Step(step, steps, memory):
                filled = _BAR * step // steps
                bar = "━" * filled + "─" * (_BAR - filled)
                parts = [f"{bar} step {step}/{steps}", self._left(step, steps), _gigabytes(memory)]
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


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _gigabytes(count: int | None) -> str:
    return f"{count / 1e9:.1f} GB" if count else ""
