"""What is measured: sizes, weights in every tier, and a prompt of a given length."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path

import torch
from PIL import Image

from generator.bench.networks import PUBLISHED, in_tier, random_networks
from generator.bench.options import Options
from generator.checkpoint import Checkpoint, Loading, Networks, Placing
from generator.checkpoint.load import decode_ahead
from generator.checkpoint.networks import Sizes
from generator.devices import choose_device, compute_dtype, free_memory
from generator.errors import RequestError
from generator.memory import DECODE_LIMIT, ROOMY_BYTES, Plan
from generator.models import open_model
from generator.ops import Ops, Tier, resolve
from generator.ops.picture import resolve_picture
from generator.pipeline import Ideogram4Pipeline
from generator.testing import small_tokenizer
from generator.tokenizer import PromptTokenizer

RESIDENT = Plan(
    "resident",
    "the benchmark's own weights",
    Placing(),
    weights=0,
    main_memory=0,
    decode_limit=DECODE_LIMIT,
    side_by_side=True,
    records_prompts=True,
)


@dataclass
class Subject:
    """Networks to be put into tiers, and the device that they are on."""

    sizes: Sizes
    device: torch.device
    dtype: torch.dtype
    checkpoint: Checkpoint | None
    """Where the weights are from; None for random ones."""
    roomy: bool = False
    """Whether the device had room, before anything was loaded, for weights decoded ahead."""
    tiers: dict[str, tuple[Ops, Networks]] = field(default_factory=dict)

    @cached_property
    def networks(self) -> Networks:
        """The networks with plain primitives, made or loaded when they are first asked for."""
        if self.checkpoint is None:
            return random_networks(self.sizes, self.device, self.dtype)
        return self.checkpoint.load(self.device, self.dtype)

    def in_tier(self, tier: str) -> tuple[Ops, Networks]:
        """The primitives that the device has for a tier, and the networks with them.

        Where the memory plan would decode the weights ahead, so it is done here.
        """
        if tier not in self.tiers:
            ops = resolve(self.device, self.dtype, Tier(tier))
            picture = resolve_picture(self.device)
            networks = in_tier(self.networks, self.sizes, ops, picture)
            if ops.tier is Tier.FAITHFUL and self.roomy:
                for _, network in networks.by_part():
                    decode_ahead(network, self.dtype)
            self.tiers[tier] = ops, networks
        return self.tiers[tier]

    def maker(self, tier: str, size: int, text_tokens: int) -> Callable[[int], Image.Image]:
        """Makes a picture in a number of steps through the pipeline, each of another prompt."""
        _, networks = self.in_tier(tier)
        pipeline = Ideogram4Pipeline(
            networks, Loading({}), self._tokenizer, device=self.device, plan=RESIDENT
        )
        prompts = (self.prompt(number, text_tokens) for number in count())

        def make(steps: int) -> Image.Image:
            image: Image.Image = pipeline(
                next(prompts), height=size, width=size, seed=0, num_inference_steps=steps
            )
            return image

        return make

    def prompt(self, number: int, text_tokens: int) -> str:
        """A prompt of a length: digits, each of which is a token of its own."""
        digits = max(8, text_tokens - len(self._tokenizer.encode("")))
        return f"{number:0{digits}}"

    @cached_property
    def _tokenizer(self) -> PromptTokenizer:
        vocabulary = self.sizes.text_encoder.vocab_size
        if self.checkpoint is not None:
            return PromptTokenizer(self.checkpoint.tokenizer, vocabulary)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "tokenizer.json"
            path.write_text(small_tokenizer().to_str(), encoding="utf-8")
            return PromptTokenizer(path, vocabulary)


def open_subject(options: Options) -> Subject:
    """The networks that the options name; no weights are read yet.

    Raises:
        RequestError: random weights of the published sizes are wanted without a GPU.
        CheckpointError: the named model cannot be loaded.
    """
    device = choose_device(options.device)
    dtype = compute_dtype(device)
    roomy = (free_memory(device) or 0) >= ROOMY_BYTES
    if options.model is None:
        if device.type != "cuda":
            raise RequestError(
                "random weights of the published sizes need a GPU with some 32 GB; name a small "
                "model, e.g. --model draft"
            )
        return Subject(PUBLISHED, device, dtype, None, roomy)
    checkpoint = open_model(options.model, cuda=device.type == "cuda").checkpoint
    return Subject(checkpoint.sizes, device, dtype, checkpoint, roomy)
