"""First stage: an autoencoder whose latents are thumbnails and survive noise."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from generator.draft.training.optimizer import Masters
from generator.draft.training.painter import ScenePainter
from generator.draft.training.ranks import Ranks
from generator.draft.training.stream import Shard
from generator.draft.training.thumbnails import thumbnails
from generator.latents import patchify
from generator.model.autoencoder import Autoencoder

PAINTED = 64
LOG = logging.getLogger(__name__)
NOISE = 0.1
"""Most noise on a latent channel, over its own spread: the denoiser's errors should not show."""


def train_autoencoder(
    network: Autoencoder,
    shards: Iterator[Shard],
    painter: ScenePainter,
    ranks: Ranks,
    *,
    seconds: float,
    batch: int,
    lr: float = 1e-3,
) -> None:
    """Train in place for a given time; the average weights are left in the network."""
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    masters = Masters({"vae": network}, lr, decay=0.995)
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
                masters.step(gradients, min(1.0, (step + 1) / 50) * (1.01 - done))
                step += 1
        elapsed = time.monotonic() - start
        done = ranks.agree(elapsed / seconds)
        LOG.info("autoencoder step %d, %.0f s", step, elapsed)
    ranks.spread(masters.average)
    masters.load(masters.averaged())


def reconstruction_loss(network: Autoencoder, image_BCHW: Tensor) -> Tensor:
    """Absolute error of pixels and of their differences, and that of the encoder's latents."""
    image = image_BCHW.to(memory_format=torch.channels_last)
    latents = thumbnails(image)
    spread = latents.std((0, 2, 3), keepdim=True)
    noise = NOISE * torch.rand(len(image), 1, 1, 1, device=image.device) * spread
    noisy = latents + noise * torch.randn_like(latents)
    error = network.decode(noisy).float() - image
    edges = error.diff(dim=2).abs().mean() + error.diff(dim=3).abs().mean()
    quarter = max(1, len(image) // 4)  # the encoder has by far the easier task
    missed = network.encode(image[:quarter]).float() - latents[:quarter]
    return error.abs().mean() + edges + missed.abs().mean()


@torch.no_grad()
def encode_tokens(image_BCHW: Tensor) -> Tensor:
    """Image tokens [B, I, C] in the autoencoder's own units, without its encoder's small errors."""
    return patchify(thumbnails(image_BCHW))


@torch.no_grad()
def measure(
    network: Autoencoder, shards: Iterator[Shard], painter: ScenePainter, batch: int
) -> tuple[Tensor, Tensor, tuple[float, float]]:
    """Mean and spread of every token channel over one shard of pictures, and two PSNR in dB.

    The first is of pictures decoded from their thumbnails, the second of those that the encoder
    encoded.
    """
    shard = next(shards)
    tokens, errors = [], []
    for first in range(0, len(shard.scenes.look) - batch + 1, batch):
        image = painter.paint(shard, first, batch)
        tokens.append(encode_tokens(image).flatten(0, 1))
        pair = [network.decode(z).float() for z in (thumbnails(image), network.encode(image))]
        errors.append(torch.stack([F.mse_loss(p.clamp(-1, 1), image) for p in pair]))
    every = torch.cat(tokens)
    restored, coded = (10 * torch.log10(4.0 / torch.stack(errors).mean(0))).tolist()
    return every.mean(0), every.std(0).clamp(min=1e-3), (restored, coded)
