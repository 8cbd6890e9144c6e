"""A denoising step: the conditional pass, the unconditional one, and both with their guidance."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from generator.bench.measure import Clock, peak_bytes
from generator.bench.roof import Roof, roof_ms
from generator.beside import beside
from generator.checkpoint import Networks
from generator.config import TransformerConfig
from generator.denoise import Branch, ConditionalBranch, NegativeBranch, denoise, make_branch
from generator.graphs import recorded
from generator.model.transformer import Transformer
from generator.packing import image_positions, text_positions
from generator.parity import numerics
from generator.request import Course

TIMES = (0.25, 0.375, 0.5)
"""Of two steps; exact in bf16, which is what the network sees of a time."""
GUIDANCE = 7.0


@dataclass(frozen=True)
class Work:
    """What a step starts from: random latents between two branches."""

    z_BIC: Tensor
    conditional: Branch
    negative: Branch
    run: tuple[ConditionalBranch, NegativeBranch]
    """The same two as the pipeline runs them: side by side, short ones as graphs."""
    positions_L3: Tensor
    """Of text and image tokens."""

    def cond(self) -> Tensor:
        """The conditional pass."""
        return self.run[0].velocity(self.z_BIC, 0)

    def uncond(self) -> Tensor:
        """The unconditional pass."""
        return self.run[1].begin(self.z_BIC, 0)()

    def steps(self) -> Tensor:
        """The loop of the pipeline over as many steps as there are TIMES but one."""
        course = Course(TIMES, (GUIDANCE,) * (len(TIMES) - 1))
        return denoise(self.z_BIC, course, *self.run)


def make_work(
    networks: Networks,
    size: int,
    text_tokens: int,
    *,
    pixels_per_token: int,
    batch: int = 1,
) -> Work:
    """Random latents and a random prompt, the same for every tier."""
    network = networks.transformer
    device = network.embed_image_indicator.weight.device
    generator = torch.Generator(device).manual_seed(1)
    grid = (size // pixels_per_token,) * 2
    shape = (batch, grid[0] * grid[1], network.config.in_channels)
    z_BIC = torch.randn(shape, generator=generator, device=device)
    features = torch.randn(
        (1, text_tokens, network.config.llm_features_dim), generator=generator, device=device
    )
    text_BTD = network.project_text(features).expand(batch, -1, -1).contiguous()
    image_I3 = image_positions(grid).to(device)
    positions_L3 = torch.cat((text_positions(text_tokens).to(device), image_I3))
    conditional = branch(network, text_BTD, positions_L3)
    negative = branch(networks.unconditional or network, None, image_I3)
    run = recorded(conditional), beside(recorded(negative), device)
    return Work(z_BIC, conditional, negative, run, positions_L3)


def branch(network: Transformer, text_BTD: Tensor | None, positions_L3: Tensor) -> Branch:
    """A network made ready for the steps of TIMES."""
    return make_branch(network, text_BTD, positions_L3, TIMES[:-1], numerics("recommended"))


def measure_passes(clock: Clock, work: Work) -> dict[str, float]:
    """Milliseconds of either pass by itself."""
    return {"cond_ms": clock.median(work.cond), "uncond_ms": clock.median(work.uncond)}


def measure_step(clock: Clock, work: Work) -> dict[str, float | None]:
    """Milliseconds of a step; most gigabytes held, all weights included."""
    steps = len(TIMES) - 1
    peak = peak_bytes(clock.device, work.steps)
    return {
        "step_ms": clock.median(work.steps) / steps,
        "peak_gb": None if peak is None else peak / 1e9,
    }


def step_roof(
    roofs: tuple[Roof, Roof], config: TransformerConfig, tier: str, batch: int = 1
) -> float | None:
    """R of a step: of the conditional pass, then of the unconditional one."""
    passes = [roof_ms(roof, config, tier, batch=batch) for roof in roofs]
    return None if None in passes else sum(ms for ms in passes if ms is not None)
