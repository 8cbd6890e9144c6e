"""A whole run: both stages, by the clock."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from generator.draft.tokens import number_values
from generator.draft.training.autoencoder import measure, train_autoencoder
from generator.draft.training.denoiser import compile_blocks, losses, trained
from generator.draft.training.feeder import GRIDS, Feeder
from generator.draft.training.initial import initialise
from generator.draft.training.lessons import Lessons
from generator.draft.training.optimizer import Masters
from generator.draft.training.painter import ScenePainter
from generator.draft.training.ranks import Ranks
from generator.draft.training.sizes import Networks
from generator.draft.training.state import State, subset
from generator.draft.training.stream import SHAPES, SHARES, Shard

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Plan:
    """How long and how large. Seconds are of wall clock, the two stages together."""

    seconds: float
    autoencoder_seconds: float
    """0 keeps the autoencoder of the resumed run."""
    cooldown: float
    """Share of the second stage, at its end, over which the learning rate falls to zero."""
    lr: float = 2.5e-3
    batch: int = 640
    """Captions per forward pass."""
    passes: int = 1
    """Forward passes, each with its own caption length, per step."""
    autoencoder_batch: int = 16
    pictures: int = 65_536
    """Pictures kept ready, over all sizes."""
    steps_between_shards: int = 12
    encode_batch: int = 256
    save_seconds: float = 120.0
    """Between two states that are handed out on the way."""


@dataclass(frozen=True)
class Hooks:
    """What a run tells its caller and asks of it."""

    save: Callable[[State], None]
    """Called with the average weights so far, every `Plan.save_seconds`, by the first rank."""
    stopped: Callable[[], bool]
    """Whether to end now, as if the time were up."""


def run(
    plan: Plan,
    networks: Networks,
    tokenizer: Tokenizer,
    shards: Iterator[Shard],
    ranks: Ranks,
    resumed: State | None,
    hooks: Hooks,
) -> State:
    """Train the networks in place by the plan and return the average weights."""
    start = time.monotonic()
    device = ranks.device
    painter = ScenePainter(device)
    initialise(networks, number_values(tokenizer))
    lessons = Lessons(networks.transformer.config.hidden_size)
    if resumed is not None:
        for name, network in (*networks.named().items(), ("lessons", lessons)):
            network.load_state_dict(subset(resumed.weights, name), strict=False)
    for network in (*networks.named().values(), lessons):
        network.to(device)
        ranks.spread([p.data for p in network.parameters()])
    autoencoder = networks.autoencoder
    if plan.autoencoder_seconds > 0:
        seconds, batch = plan.autoencoder_seconds, plan.autoencoder_batch
        train_autoencoder(autoencoder, shards, painter, ranks, seconds=seconds, batch=batch)
        shift, scale, decibels = measure(autoencoder, shards, painter, plan.encode_batch)
        LOG.info("decoder restores pictures at %.1f dB, both halves at %.1f dB", *decibels)
        ranks.spread([shift, scale])
    elif resumed is not None:
        shift, scale = resumed.shift.to(device), resumed.scale.to(device)
    else:
        raise ValueError("a first run needs time for the autoencoder")
    autoencoder.to(ranks.precision)
    feeder = Feeder(shards, painter, shift, scale, pictures=plan.pictures, batch=plan.encode_batch)
    steps = resumed.steps if resumed else 0

    def state_of(weights: dict[str, Tensor], done: int) -> State:
        vae = {f"vae.{n}": p.data for n, p in autoencoder.named_parameters()}
        return State(weights | vae, shift, scale, steps + done)

    left = max(1.0, plan.seconds - (time.monotonic() - start))
    masters, done = _denoise(plan, networks, lessons, feeder, ranks, left, hooks, state_of)
    return state_of(masters.averaged(), done)


def _denoise(
    plan: Plan,
    networks: Networks,
    lessons: Lessons,
    feeder: Feeder,
    ranks: Ranks,
    seconds: float,
    hooks: Hooks,
    state_of: Callable[[dict[str, Tensor], int], State],
) -> tuple[Masters, int]:
    """The second stage."""
    start = saved = time.monotonic()
    nets: dict[str, nn.Module] = {**trained(networks), "lessons": lessons}
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
    progress, rate, step, logged = 0.0, 0.0, 0, 0
    total, counted, fed = torch.zeros(4, device=ranks.device), 0, 0.0
    while progress < 1.0:
        before = time.monotonic()
        feeder.feed()
        fed += time.monotonic() - before
        for _ in range(plan.steps_between_shards):
            for _ in range(plan.passes):
                k = int(rng.choice(len(SHAPES), p=SHARES))
                batch = feeder.pools[k].draw(rng, plan.batch)
                each = losses(networks, lessons, batch, GRIDS[k]).stacked()
                torch.autograd.backward(each.sum() / plan.passes)
                total += each.detach()
                counted += 1
            gradients = masters.gradients()
            ranks.average(gradients)
            masters.step(gradients, factor(step, progress, plan.cooldown))
            progress += rate
            step += 1
        elapsed = time.monotonic() - start
        progress = ranks.agree(1.0 if hooks.stopped() else elapsed / seconds)
        rate = progress / step
        if elapsed >= 15 * logged or progress >= 1.0:
            logged = int(elapsed // 15) + 1
            mean = (total / counted).tolist()
            LOG.info(
                "step %d, %.0f s, loss %.4f, without text %.4f, lessons %.4f and %.4f; "
                "%.1f s of feeding",
                step,
                elapsed,
                *mean,
                fed,
            )
            total, counted, fed = torch.zeros_like(total), 0, 0.0
        if time.monotonic() - saved > plan.save_seconds and ranks.first and progress < 1.0:
            saved = time.monotonic()
            hooks.save(state_of(masters.averaged(), step))
    ranks.spread(masters.average)
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
