"""First stage: an autoencoder whose latents survive noise."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from typing import ParamSpec

import torch
import torch.nn.functional as F
from torch import Tensor

from generator.draft.training.optimizer import Masters
from generator.draft.training.painter import ScenePainter
from generator.draft.training.ranks import Ranks
from generator.draft.training.stream import Shard
from generator.latents import patchify
from generator.model.autoencoder import Autoencoder

P = ParamSpec("P")
PAINTED = 64
LOG = logging.getLogger(__name__)
NOISE = 0.12
"""Spread of the noise on a latent channel, over its own: the denoiser's errors should not show."""


def train_autoencoder(
    network: Autoencoder,
    shards: Iterator[Shard],
    painter: ScenePainter,
    ranks: Ranks,
    *,
    seconds: float,
    batch: int,
    lr: float = 1.5e-3,
) -> None:
    """Train in place for a given time; the average weights are left in the network."""
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    masters = Masters({"vae": network}, lr, decay=0.995, muon=False)
    network.to(ranks.precision)
    painter.paint(next(shards), 0, PAINTED)  # compile the painting before the clock starts
    start, step, done = time.monotonic(), 0, 0.0
    while done < 1.0:
        shard = next(shards)
        for first in range(0, len(shard.scenes.look) - PAINTED + 1, PAINTED):
            for image in torch.split(painter.paint(shard, first, PAINTED), batch):
                torch.autograd.backward(reconstruction_loss(network, image))
                gradients = masters.gradients()
                ranks.average(gradients)
                masters.step(gradients, min(1.0, (step + 1) / 50) * min(1.0, 2 * (1 - done) + 0.02))
                step += 1
        elapsed = time.monotonic() - start
        done = ranks.agree(elapsed / seconds)
        LOG.info("autoencoder step %d, %.0f s", step, elapsed)
    ranks.spread(masters.average)
    masters.load(masters.averaged())


def compiled(function: Callable[P, Tensor], device: torch.device) -> Callable[P, Tensor]:
    """The function fused into fewer kernels on a GPU, as it is elsewhere."""
    if device.type != "cuda":
        return function
    fast: Callable[P, Tensor] = torch.compile(function)
    return fast


def reconstruction_loss(network: Autoencoder, image_BCHW: Tensor) -> Tensor:
    """Absolute error of pixels and of their differences, and a hold on the latents' spread."""
    image = image_BCHW.to(memory_format=torch.channels_last)
    latents = network.encode(image)
    spread = latents.detach().float().std((0, 2, 3), keepdim=True)
    noise = NOISE * spread * torch.randn_like(spread.expand_as(latents))
    error = network.decode(latents + noise).float() - image
    edges = error.diff(dim=2).abs().mean() + error.diff(dim=3).abs().mean()
    return error.abs().mean() + edges + 1e-4 * latents.float().square().mean()


@torch.no_grad()
def encode_tokens(network: Autoencoder, image_BCHW: Tensor) -> Tensor:
    """Image tokens [B, I, C] in the autoencoder's own units."""
    return patchify(network.encode(image_BCHW.to(memory_format=torch.channels_last)))


@torch.no_grad()
def measure(
    network: Autoencoder, shards: Iterator[Shard], painter: ScenePainter, batch: int
) -> tuple[Tensor, Tensor, float]:
    """Mean and spread of every token channel over one shard of pictures, and the PSNR in dB."""
    shard = next(shards)
    tokens, errors = [], []
    for first in range(0, len(shard.scenes.look) - batch + 1, batch):
        image = painter.paint(shard, first, batch)
        tokens.append(encode_tokens(network, image).float().flatten(0, 1))
        restored = network.decode(network.encode(image)).float()
        errors.append(F.mse_loss(restored.clamp(-1, 1), image))
    every = torch.cat(tokens)
    psnr = 10 * torch.log10(4.0 / torch.stack(errors).mean())
    return every.mean(0), every.std(0).clamp(min=1e-3), psnr.item()
