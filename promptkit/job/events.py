"""What a generator tells about a job while it is being done, in the form that travels.

A job goes from ``Queued`` through ``Loading`` (where the weights are not there yet) and ``Step`` to
``Done`` or ``Failed``. Only the last two end it. A watcher that is slower than the generator is
told the latest event and misses those between.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from promptkit.job.model import ImageBytes


class FailureCode(StrEnum):
    """Why a job ended without a picture."""

    CANCELLED = "cancelled"
    REFUSED = "refused"
    """The model cannot follow the job; another job may work."""
    OUT_OF_MEMORY = "out_of_memory"
    ENGINE = "engine"
    STOPPED = "stopped"
    """The generator was told to end, or broke down; the same job may be given to another."""


@dataclass(frozen=True, slots=True)
class Queued:
    """Waiting."""

    position: int
    """1 is next."""
    event: Literal["queued"] = "queued"


@dataclass(frozen=True, slots=True)
class Loading:
    """The weights are being loaded."""

    plan: str = ""
    """Where they will live, for people."""
    event: Literal["loading"] = "loading"


@dataclass(frozen=True, slots=True)
class Step:
    """A denoising step is done; ``step`` 0 says that the text is being encoded."""

    step: int
    steps: int
    memory: int | None = None
    """Peak bytes in use on the generator's device, where it can tell."""
    preview: ImageBytes | None = None
    """A small JPEG of where the picture is heading; not with every step."""
    event: Literal["step"] = "step"


@dataclass(frozen=True, slots=True)
class Done:
    """The picture is ready to be fetched."""

    seed: int
    seconds: float
    """From the start of encoding to the finished file."""
    memory: int | None = None
    """Peak bytes in use on the generator's device, where it can tell."""
    blocked: bool = False
    """The picture looks like the grey one that the model paints when it refuses a prompt."""
    event: Literal["done"] = "done"


@dataclass(frozen=True, slots=True)
class Failed:
    """No picture will come."""

    code: FailureCode
    message: str
    event: Literal["failed"] = "failed"


Event = Queued | Loading | Step | Done | Failed


@cache
def _adapter() -> TypeAdapter[Event]:
    return TypeAdapter(Annotated[Event, Field(discriminator="event")])


def event_to_json(event: Event) -> str:
    """One line of JSON."""
    return _adapter().dump_json(event).decode()


def event_from_json(text: str) -> Event:
    """The event in a line of JSON; members that a later version added are passed over.

    Raises:
        pydantic.ValidationError: if it is none.
    """
    return _adapter().validate_json(text)
