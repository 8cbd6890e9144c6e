"""The denoising loop: two networks, one step after another, nothing else.

Shape legend: B batch (1), T text tokens, I image tokens, C token channels, D hidden.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from generator.model.rope import Rope
from generator.model.transformer import Modulation, Transformer
from generator.request import Course
from generator.sampling import clean_estimate, euler_step, guide


@dataclass(frozen=True)
class Branch:
    """A network with everything that stays the same from step to step.

    ``text_BTD`` is None for image tokens alone; ``modulation`` is that of all steps.
    """

    network: Transformer
    text_BTD: Tensor | None
    rope: Rope
    modulation: Modulation

    def velocity(self, z_BIC: Tensor, step: int) -> Tensor:
        """The network's answer at a step, fp32."""
        v_BIC: Tensor = self.network(z_BIC, self.text_BTD, self.modulation.at(step), self.rope)
        return v_BIC


@dataclass(frozen=True)
class StepState:
    """Where a picture stands after a step."""

    step: int
    """Steps done, from 1."""
    time: float
    """The time reached."""
    estimate_BIC: Tensor
    """Latents of the finished picture as they look from here, normalised."""


def denoise(
    z_BIC: Tensor,
    course: Course,
    conditional: Branch,
    negative: Branch,
    on_step: Callable[[StepState], None] | None = None,
) -> Tensor:
    """From noise to normalised latents, in fp32.

    The negative branch is left out of steps whose guidance is exactly 1, where it has no weight.
    The host never waits for the device unless ``on_step`` does.
    """
    legs = zip(course.times, course.times[1:], course.guidance, strict=False)
    for step, (t, t_next, scale) in enumerate(legs):
        v_BIC = conditional.velocity(z_BIC, step)
        if scale != 1.0:
            v_BIC = guide(v_BIC, negative.velocity(z_BIC, step), scale)
        if on_step is not None:
            on_step(StepState(step + 1, t_next, clean_estimate(z_BIC, v_BIC, t)))
        z_BIC = euler_step(z_BIC, v_BIC, t, t_next)
    return z_BIC
