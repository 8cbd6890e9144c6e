"""A whole run: both stages, by the clock."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from generator.draft.tokens import number_values
from generator.draft.training.autoencoder import (
    compiled,
    encode_tokens,
    measure,
    train_autoencoder,
)
from generator.draft.training.denoiser import compile_blocks, losses, trained
from generator.draft.training.initial import initialise
from generator.draft.training.optimizer import Masters
from generator.draft.training.painter import ScenePainter
from generator.draft.training.pool import Pool
from generator.draft.training.ranks import Ranks
from generator.draft.training.sizes import Networks
from generator.draft.training.state import State, subset
from generator.draft.training.stream import SHAPES, SHARES, Shard

LOG = logging.getLogger(__name__)
GRIDS = tuple((height // 16, width // 16) for height, width in SHAPES)


@dataclass(frozen=True)
class Plan:
    """How long and how large. Seconds are of wall clock, the two stages together."""

    seconds: float
    autoencoder_seconds: float
    """0 keeps the autoencoder of the resumed run."""
    cooldown: float
    """Share of the second stage, at its end, over which the learning rate falls to zero."""
    lr: float = 2e-3
    batch: int = 256
    """Captions per forward pass."""
    passes: int = 2
    """Forward passes, each with its own caption length, per step."""
    autoencoder_batch: int = 8
    pictures: int = 65_536
    """Pictures kept ready, over all sizes."""
    steps_between_shards: int = 24
    encode_batch: int = 256


def run(
    plan: Plan,
    networks: Networks,
    tokenizer: Tokenizer,
    shards: Iterator[Shard],
    ranks: Ranks,
    resumed: State | None,
) -> State:
    """Train the networks in place by the plan and return the average weights."""
    start = time.monotonic()
    device = ranks.device
    painter = ScenePainter(device)
    initialise(networks, number_values(tokenizer))
    if resumed is not None:
        for name, network in networks.named().items():
            network.load_state_dict(subset(resumed.weights, name), strict=False)
    for network in networks.named().values():
        network.to(device)
    autoencoder = networks.autoencoder
    ranks.spread([p.data for n in networks.named().values() for p in n.parameters()])
    if plan.autoencoder_seconds > 0:
        seconds, batch = plan.autoencoder_seconds, plan.autoencoder_batch
        train_autoencoder(autoencoder, shards, painter, ranks, seconds=seconds, batch=batch)
        shift, scale, psnr = measure(autoencoder, shards, painter, plan.encode_batch)
        LOG.info("autoencoder restores pictures at %.1f dB", psnr)
        ranks.spread([shift, scale])
    elif resumed is not None:
        shift, scale = resumed.shift.to(device), resumed.scale.to(device)
    else:
        raise ValueError("a first run needs time for the autoencoder")
    autoencoder.to(ranks.precision)
    steps = resumed.steps if resumed else 0
    feeder = _Feeder(plan, networks, shards, painter, shift, scale)
    left = max(1.0, plan.seconds - (time.monotonic() - start))
    masters, done = _denoise(plan, networks, feeder, ranks, left)
    weights = masters.averaged() | {f"vae.{n}": p.data for n, p in autoencoder.named_parameters()}
    return State(weights, shift, scale, steps + done)


class _Feeder:
    """Keeps one pool per picture size filled from the stream."""

    def __init__(
        self,
        plan: Plan,
        networks: Networks,
        shards: Iterator[Shard],
        painter: ScenePainter,
        shift: Tensor,
        scale: Tensor,
    ) -> None:
        self._plan, self._shards, self._painter = plan, shards, painter
        self._autoencoder, self._shift, self._scale = networks.autoencoder, shift, scale
        self._encode = compiled(encode_tokens, shift.device)
        channels = networks.transformer.config.in_channels
        self.pools = [
            Pool(round(plan.pictures * share), grid[0] * grid[1], channels, shift.device)
            for grid, share in zip(GRIDS, SHARES, strict=True)
        ]

    def feed(self) -> None:
        """Encode one shard into its pool."""
        shard = next(self._shards)
        scenes = len(shard.scenes.look)
        tokens = []
        for first in range(0, scenes, self._plan.encode_batch):
            image = self._painter.paint(shard, first, min(self._plan.encode_batch, scenes - first))
            raw = self._encode(self._autoencoder, image)
            tokens.append(((raw - self._shift) / self._scale).to(torch.bfloat16))
        self.pools[shard.shape].add(torch.cat(tokens), shard.ids, shard.lengths)

    def fill(self) -> None:
        """Encode until the pools are a quarter full and none is empty."""
        while (
            sum(p.pictures for p in self.pools) < self._plan.pictures // 4
            or min(p.pictures for p in self.pools) == 0
        ):
            self.feed()


def _denoise(
    plan: Plan, networks: Networks, feeder: _Feeder, ranks: Ranks, seconds: float
) -> tuple[Masters, int]:
    """The second stage."""
    start = time.monotonic()
    nets = trained(networks)
    masters = Masters(nets, plan.lr)
    for network in nets.values():
        network.to(ranks.precision)
    if ranks.device.type == "cuda":
        # cuDNN plans its attention anew for every length: 8 ms a call, five times the rest.
        torch.backends.cuda.enable_cudnn_sdp(enabled=False)
        compile_blocks(networks)
    rng = np.random.default_rng(ranks.rank)
    feeder.fill()
    LOG.info("pools filled after %.0f s", time.monotonic() - start)
    progress, rate, step = 0.0, 0.0, 0
    while progress < 1.0:
        feeder.feed()
        total = torch.zeros(2, device=ranks.device)
        for _ in range(plan.steps_between_shards):
            for _ in range(plan.passes):
                k = int(rng.choice(len(SHAPES), p=SHARES))
                pair = losses(networks, feeder.pools[k].draw(rng, plan.batch), GRIDS[k])
                torch.autograd.backward((pair[0] + pair[1]) / plan.passes)
                total += torch.stack(pair).detach()
            gradients = masters.gradients()
            ranks.average(gradients)
            masters.step(gradients, factor(step, progress, plan.cooldown))
            progress += rate
            step += 1
        elapsed = time.monotonic() - start
        before, progress = progress, ranks.agree(elapsed / seconds)
        rate = progress / step
        if step % (16 * plan.steps_between_shards) == 0 or progress >= 1.0:
            ranks.spread(masters.average)
            mean = (total / plan.steps_between_shards / plan.passes).tolist()
            LOG.info("step %d, %.0f s, loss %.4f, without text %.4f", step, elapsed, *mean)
            LOG.debug("progress %.4f, foreseen %.4f", progress, before)
    return masters, step


def factor(step: int, progress: float, cooldown: float) -> float:
    """Warm-up over 200 steps, then full rate, then a straight line to a hundredth."""
    warm = min(1.0, (step + 1) / 200)
    cool = 1.0 if cooldown == 0 else min(1.0, (1 - progress) / cooldown)
    return warm * max(0.01, cool)


def save_log(path: Path) -> logging.Handler:
    """Send the script's log to a file as well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(path)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    return handler
