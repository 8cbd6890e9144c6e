"""What the service needs of an engine, so that tests can put a quick one in its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from PIL import Image

from promptkit.errors import GeneratorError
from promptkit.job import Job, Maker


class EngineMemoryError(GeneratorError):
    """A model or a picture that the device has no room for; a smaller one may fit."""


@dataclass(frozen=True)
class StepReport:
    """What an engine tells after each step."""

    step: int
    """Steps done, from 1."""
    steps: int
    preview: Callable[[], Image.Image]
    """Makes a small picture of where it is heading; only called when someone will look."""


OnStep = Callable[[StepReport], bool]
"""Returns False to have the picture given up."""


class Engine(Protocol):
    """Something that makes pictures from jobs. Used by one thread, apart from ``check``."""

    @property
    def model(self) -> str:
        """The name that jobs and ``/v1/models`` use."""

    @property
    def fingerprint(self) -> str:
        """A short name for the weights: engines with another make other pictures."""

    @property
    def defaults(self) -> Mapping[str, Any]:
        """Parameters of a job that suit the model better than the general defaults."""

    @property
    def loaded(self) -> bool:
        """Whether the weights are in memory."""

    def check(self, job: Job) -> None:
        """Raise RequestError for what the model cannot follow. Quick, and needs no weights."""

    def plan(self) -> str:
        """Where the weights would live now, in words; EngineMemoryError if there is no room.

        Empty where there is only one place.
        """

    def load(self, job: Job) -> None:
        """Put the weights into memory, with the job's text to begin on before all are there.

        Raises GeneratorError where that fails.
        """

    def render(self, job: Job, seed: int, on_step: OnStep) -> Image.Image:
        """Make the picture.

        Raises:
            CancelledError: ``on_step`` returned False.
            RequestError: the model cannot follow the job.
            GeneratorError: anything else that the user should hear of.
        """

    def maker(self) -> Maker:
        """What a picture's record says about this engine."""

    def peak_memory(self) -> int | None:
        """Most bytes in use on the device since ``render`` began, where that can be told."""
