"""The denoising loop: two networks, one step after another, nothing else.

Shape legend: B batch (1), T text tokens, I image tokens, C token channels, D hidden.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import torch
from torch import Tensor

from generator.model.rope import Rope, inverse_frequencies, mrope
from generator.model.transformer import Modulation, Transformer
from generator.parity import Numerics
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

    def begin(self, z_BIC: Tensor, step: int) -> Callable[[], Tensor]:
        """See ``NegativeBranch``: a network on this device is run when its answer is wanted."""
        return partial(self.velocity, z_BIC, step)


class ConditionalBranch(Protocol):
    """The text side of guidance: a ``Branch``, or a recording of one."""

    def velocity(self, z_BIC: Tensor, step: int) -> Tensor:
        """See ``Branch.velocity``; the result is used before the next is asked for."""


class NegativeBranch(Protocol):
    """The negative side of guidance: a ``Branch``, on this stream or another, or one that another
    process runs."""

    def begin(self, z_BIC: Tensor, step: int) -> Callable[[], Tensor]:
        """Start on a step, before the conditional branch is run; the result waits for it."""


def make_branch(
    network: Transformer,
    text_BTD: Tensor | None,
    positions_L3: Tensor,
    times: Sequence[float],
    numerics: Numerics,
) -> Branch:
    """A network made ready for the given times, one for each step.

    ``positions_L3`` is on the network's device and covers text and image tokens.
    """
    config, device = network.config, positions_L3.device
    inv_freq = inverse_frequencies(config.attention_head_dim, config.rope_theta)
    if numerics.rope_in_compute_dtype:
        inv_freq = inv_freq.to(network.dtype)
    rope = mrope(positions_L3[None], inv_freq.to(device), config.mrope_section, network.dtype)
    modulation = network.modulation(torch.tensor(times, device=device))
    return Branch(network, text_BTD, rope, modulation)


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
    conditional: ConditionalBranch,
    negative: NegativeBranch,
    on_step: Callable[[StepState], None] | None = None,
) -> Tensor:
    """From noise to normalised latents, in fp32.

    The negative branch is left out of steps whose guidance is exactly 1, where it has no weight.
    The host waits for the device only where ``on_step`` does, or a branch on another GPU.
    """
    legs = zip(course.times, course.times[1:], course.guidance, strict=False)
    for step, (t, t_next, scale) in enumerate(legs):
        answer = negative.begin(z_BIC, step) if scale != 1.0 else None
        v_BIC = conditional.velocity(z_BIC, step)
        if answer is not None:
            v_BIC = guide(v_BIC, answer(), scale)
        if on_step is not None:
            on_step(StepState(step + 1, t_next, clean_estimate(z_BIC, v_BIC, t)))
        z_BIC = euler_step(z_BIC, v_BIC, t, t_next)
    return z_BIC
