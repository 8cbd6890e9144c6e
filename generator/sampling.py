"""From noise to latents: the times to visit, the guidance, the step. Pure functions.

Time runs from 0 (noise) to 1 (data), and the model predicts ``data - noise``. Everything here
that is chronological has its first element at the noise end. Sources: official ideogram4
scheduler.py and sampler_configs.py (whose guidance lists run the other way).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

KNOWN_PIXELS = 512 * 512
"""Picture size at which ``mu`` is the mean of the schedule; larger pictures need more noise."""

T_MIN = 1.0 / (1.0 + math.exp(9.0))
T_MAX = 1.0 / (1.0 + math.exp(-7.5))

DEFAULT_MU = 0.0
DEFAULT_STD = 1.5


@dataclass(frozen=True)
class Preset:
    """A schedule and its guidance, as tuned together by the model's authors (DRAFT_12: by us)."""

    num_steps: int
    mu: float
    std: float
    guidance: tuple[float, ...]
    """One scale per step, chronological: strong first, weaker for the final polish."""


PRESETS: dict[str, Preset] = {
    "V4_QUALITY_48": Preset(48, mu=0.0, std=1.5, guidance=(7.0,) * 45 + (3.0,) * 3),
    "V4_DEFAULT_20": Preset(20, mu=0.0, std=1.75, guidance=(7.0,) * 18 + (3.0,) * 2),
    "V4_TURBO_12": Preset(12, mu=0.5, std=1.75, guidance=(7.0,) * 11 + (3.0,)),
    "DRAFT_12": Preset(12, mu=0.0, std=1.5, guidance=(2.0,) * 6 + (1.0,) * 6),
}


def schedule(
    num_steps: int,
    height: int,
    width: int,
    *,
    mu: float = DEFAULT_MU,
    std: float = DEFAULT_STD,
    denoising_strength: float = 1.0,
    quantile_dtype: torch.dtype = torch.float32,
) -> tuple[float, ...]:
    """The ``num_steps + 1`` times, rising from noise to data.

    Logit-normal: equal quantiles of a normal distribution through a sigmoid, clamped to
    ``[T_MIN, T_MAX]``, computed in fp64 and rounded to fp32. The last time is ``T_MAX``, never 1.
    ``denoising_strength`` below 1 leaves out the noisiest part: it is the upper quantile, and the
    share of noise at the start is ``1 - result[0]`` (at 2048 x 2048, strength 0.2 starts at 0.53).
    """
    u = torch.linspace(0.0, denoising_strength, num_steps + 1, dtype=quantile_dtype).double()
    mean = mu + 0.5 * math.log(height * width / KNOWN_PIXELS)
    t = 1.0 - torch.special.expit(mean + std * torch.special.ndtri(u))
    return tuple(t.clamp(T_MIN, T_MAX).float().flip(0).tolist())


def guide(conditional: Tensor, negative: Tensor, scale: float) -> Tensor:
    """Classifier-free guidance: away from ``negative``, through ``conditional`` and beyond."""
    return scale * conditional + (1.0 - scale) * negative


def euler_step(z: Tensor, velocity: Tensor, t: float, t_next: float) -> Tensor:
    """Follow the velocity from time ``t`` to ``t_next``."""
    return z + velocity * (t_next - t)


def clean_estimate(z: Tensor, velocity: Tensor, t: float) -> Tensor:
    """Where the velocity at time ``t`` leads if followed straight to the data end."""
    return z + velocity * (1.0 - t)


def mix(clean: Tensor, noise: Tensor, t: float) -> Tensor:
    """The point at time ``t`` on the straight path from ``noise`` to ``clean``.

    The weights are fp32 tensors, so that low-precision inputs round as they do in DiffSynth.
    """
    weight = torch.tensor(t)
    return weight * clean + (1.0 - weight) * noise


def draw_noise(
    seed: int, num_tokens: int, channels: int, rand_device: torch.device | str = "cpu"
) -> Tensor:
    """Standard normal ``[1, I, C]`` in fp32 on ``rand_device``.

    Each picture is drawn from a seed of its own, so that it does not depend on its batch. The
    same seed gives different noise on the CPU and on a GPU.
    """
    generator = torch.Generator(rand_device).manual_seed(seed)
    return torch.randn((1, num_tokens, channels), generator=generator, device=rand_device)
