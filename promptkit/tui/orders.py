"""What is handed to the generator, and what it says: light, as the application listens for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from textual.message import Message

from promptkit.geometry import Size

if TYPE_CHECKING:
    from promptkit.dispatch import Crashed, Done
    from promptkit.job import Job
    from promptkit.job.events import Event


SUGGESTED: Final = {"width", "height", "preset", "num_inference_steps", "cfg_scale"}
"""Parameters that a model may have defaults of its own for."""


@dataclass(frozen=True, slots=True)
class Order:
    """A job and where its picture goes."""

    number: int
    job: Job
    path: Path
    chosen: Mapping[str, Any] = field(default_factory=dict)
    """Those of the job's parameters that were chosen: no model's own defaults outweigh them."""

    def job_for(self, defaults: Mapping[str, Any]) -> Job:
        """The job for a model that has these defaults.

        Raises:
            UsageError: if they do not fit with what was chosen.
        """
        suited = {name: value for name, value in defaults.items() if name in SUGGESTED}
        return self.job.with_(**suited).with_(**self.chosen)


@dataclass(frozen=True, slots=True)
class Subject:
    """What pictures are made of, and where they go."""

    captions: Sequence[tuple[str, str]]
    """The stem of each picture's name, and the prompt."""
    size: Size
    folder: Path

    @property
    def name(self) -> str:
        """What they are called together."""
        first = self.captions[0][0]
        return first if len(self.captions) == 1 else f"{len(self.captions)} captions"


@dataclass
class Wanted(Message):
    """The user wants pictures of this."""

    subject: Subject


@dataclass
class Starting(Message):
    """The generator is not there yet; ``words`` say how far its download is."""

    words: str


@dataclass
class Opened(Message):
    """The generator is there; ``note`` says why it serves this model, where nobody chose it."""

    model: str
    note: str
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """Parameters of a job that suit this model."""


@dataclass
class Progress(Message):
    """Something happened to an order."""

    order: Order
    event: Event | Crashed


@dataclass
class Finished(Message):
    """An order's picture is on the disk."""

    order: Order
    done: Done


@dataclass
class Stopped(Message):
    """These orders will not be made, as there is no generator."""

    problem: str
    numbers: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Which generator to use."""

    server: str | None = None
    model: str | None = None
    command: tuple[str, ...] | None = None
