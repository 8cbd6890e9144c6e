"""What the one who waits for pictures is told, and how it says that it waits no longer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from generator.denoise import StepState
from generator.errors import CancelledError


@dataclass(frozen=True)
class Progress:
    """What a callback is told after each step."""

    image: int
    """Which picture of the call, from 0."""
    num_images: int
    num_steps: int
    grid: tuple[int, int]
    """Rows and columns of image tokens."""
    state: StepState

    @property
    def step(self) -> int:
        """Steps done, from 1 to ``num_steps``."""
        return self.state.step


Callback = Callable[[Progress], bool | None]


def reporter(
    callback: Callback | None, image: int, num_images: int, grid: tuple[int, int], num_steps: int
) -> Callable[[StepState], None] | None:
    """Tells a callback of the steps of one picture; CancelledError where it returns False."""
    if callback is None:
        return None

    def report(state: StepState) -> None:
        if callback(Progress(image, num_images, num_steps, grid, state)) is False:
            raise CancelledError(f"cancelled after step {state.step} of {num_steps}")

    return report
