"""Pictures of many captions at once with networks in memory: for scoring, not for users.

The pipeline runs one prompt at a time; here prompts are padded to one length and masked.
Shape legend: B pictures, T text tokens, I image tokens, C token channels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

from generator.draft.training.sizes import Networks
from generator.latents import unpatchify
from generator.model.rope import Rope, inverse_frequencies, mrope
from generator.packing import image_positions, text_positions
from generator.sampling import PRESETS, euler_step, guide, schedule


@dataclass(frozen=True)
class Sampling:
    """Steps of the 12-step preset's schedule, and a constant guidance scale."""

    steps: int = 12
    guidance: float = 3.0
    height: int = 256
    width: int = 256


@torch.inference_mode()
def draw(
    networks: Networks,
    shift: Tensor,
    scale: Tensor,
    prompts: Sequence[Sequence[int]],
    sampling: Sampling,
    *,
    seed: int = 0,
) -> Tensor:
    """Pictures [B, 3, H, W], about in [-1, 1], of tokenised prompts; the b-th has seed + b."""
    grid = sampling.height // 16, sampling.width // 16
    device = shift.device
    text, mask, rope, image_rope = _encode(networks, prompts, grid)
    noise = [
        torch.randn(
            grid[0] * grid[1], len(shift), generator=torch.Generator().manual_seed(seed + b)
        )
        for b in range(len(prompts))
    ]
    z = torch.stack(noise).to(device)
    preset = PRESETS["V4_TURBO_12"]
    times = schedule(sampling.steps, sampling.height, sampling.width, mu=preset.mu, std=preset.std)
    for t, t_next in pairwise(times):
        t_B = torch.full((len(prompts),), t, device=device)
        velocity = networks.transformer(z, text, networks.transformer.modulation(t_B), rope, mask)
        if sampling.guidance != 1.0:
            modulation = networks.unconditional.modulation(t_B)
            negative = networks.unconditional(z, None, modulation, image_rope)
            velocity = guide(velocity, negative, sampling.guidance)
        z = euler_step(z, velocity, t, t_next)
    return networks.autoencoder.decode(unpatchify(z * scale + shift, grid)).float()


def _encode(
    networks: Networks, prompts: Sequence[Sequence[int]], grid: tuple[int, int]
) -> tuple[Tensor, Tensor, Rope, Rope]:
    """Left-padded text [B, T, D], key mask, and the rotary tables with and without text."""
    net = networks.transformer
    device = net.embed_image_indicator.weight.device
    longest = max(map(len, prompts))
    image = image_positions(grid)
    texts, masks, positions = [], [], []
    for ids in prompts:
        pad = longest - len(ids)
        features = networks.text_encoder(torch.tensor([list(ids)], device=device))
        texts.append(torch.nn.functional.pad(net.project_text(features)[0], (0, 0, pad, 0)))
        masks.append(torch.arange(longest + len(image)) >= pad)
        start = torch.zeros(pad, 3, dtype=torch.long)
        positions.append(torch.cat((start, text_positions(len(ids)), image)))
    inv_freq = inverse_frequencies(net.config.attention_head_dim, net.config.rope_theta).to(device)
    section = net.config.mrope_section
    return (
        torch.stack(texts),
        torch.stack(masks).to(device),
        mrope(torch.stack(positions).to(device), inv_freq, section, net.dtype),
        mrope(image[None].to(device), inv_freq, section, net.dtype),
    )
