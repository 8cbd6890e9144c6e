"""A checkpoint whose headers have been checked, and the networks made of it."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import torch
from safetensors import safe_open
from torch import nn

from generator.checkpoint.configs import (
    check_together,
    read_autoencoder_config,
    read_text_encoder_config,
    read_transformer_config,
)
from generator.checkpoint.fingerprint import fingerprint
from generator.checkpoint.hub import DEFAULT_MODEL, download
from generator.checkpoint.load import BLOCKS, EMBEDDING, ON_DEVICE, Placing, fill_network
from generator.checkpoint.loading import Loading
from generator.checkpoint.locate import Located, locate, locate_tokenizer
from generator.checkpoint.names import Part
from generator.checkpoint.networks import Networks, Sizes, blank_networks
from generator.checkpoint.plan import Fill, plan
from generator.config import AutoencoderConfig, TransformerConfig
from generator.devices import as_current
from generator.errors import CheckpointError
from generator.ops import REFERENCE, Ops
from generator.ops.picture import resolve_picture
from generator.streaming import travels

log = logging.getLogger(__name__)

E4M3_WIDTH: Final = 16
"""What the sides of an e4m3 matrix are multiples of (``torch._scaled_mm``)."""


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint that is complete as far as its headers tell."""

    name: str
    """The hub id or folder that was asked for."""
    tokenizer: Path
    sizes: Sizes
    located: Mapping[Part, Located]
    fills: Mapping[Part, list[Fill]]

    @property
    def has_unconditional(self) -> bool:
        """Whether the unconditional transformer is part of it."""
        return Part.UNCONDITIONAL in self.fills

    @property
    def folder(self) -> Path:
        """Where it is on this machine."""
        return self.tokenizer.parent.parent

    def with_parts(self, *parts: Part) -> Checkpoint:
        """The same checkpoint with only these networks to load."""
        return replace(
            self,
            located={part: found for part, found in self.located.items() if part in parts},
            fills={part: fills for part, fills in self.fills.items() if part in parts},
        )

    def without_unconditional(self) -> Checkpoint:
        """The same checkpoint with the unconditional transformer left out."""
        return self.with_parts(*(part for part in Part if part is not Part.UNCONDITIONAL))

    def nbytes(self, part: Part) -> int:
        """Bytes of a part's weights as stored, which is about what they take on the device."""
        fills = self.fills.get(part, [])
        return sum(s.info.nbytes for fill in fills for s in (*fill.tensors, *fill.scales))

    @property
    def e4m3_obstacle(self) -> str | None:
        """Why products with its weights cannot be e4m3 ones, if they cannot."""
        quantised = [fill for fills in self.fills.values() for fill in fills if fill.scales]
        if not quantised:
            return "its weights are not e4m3"
        for fill in quantised:
            rows = sum(source.info.shape[0] for source in fill.tensors)
            columns = fill.tensors[0].info.shape[1]
            if rows % E4M3_WIDTH or columns % E4M3_WIDTH:
                return (
                    f"{fill.parameter} is {rows} x {columns}, and e4m3 products want multiples "
                    f"of {E4M3_WIDTH}"
                )
        return None

    def block_bytes(self, part: Part) -> tuple[int, ...]:
        """Bytes of each block's matrices, which can visit the device instead of staying there."""
        blocks: dict[int, int] = {}
        for fill in self.fills.get(part, []):
            kind, _, rest = fill.parameter.partition(".")
            index, _, name = rest.partition(".")
            if kind == BLOCKS and travels(name, len(fill.tensors[0].info.shape)):
                nbytes = sum(source.info.nbytes for source in fill.tensors)
                blocks[int(index)] = blocks.get(int(index), 0) + nbytes
        return tuple(blocks[index] for index in sorted(blocks))

    def table_bytes(self) -> int:
        """Bytes of the text encoder's table of tokens."""
        fills = self.fills[Part.TEXT_ENCODER]
        tables = (fill.tensors[0] for fill in fills if fill.parameter.startswith(f"{EMBEDDING}."))
        return sum(table.info.nbytes for table in tables)

    def fingerprint(self) -> str:
        """A short name for these weights, from samples of the files."""
        return fingerprint(file.path for part in self.located.values() for file in part.files)

    def load(
        self,
        device: torch.device,
        dtype: torch.dtype,
        ops: Ops = REFERENCE,
        placing: Placing = ON_DEVICE,
    ) -> Networks:
        """All networks on ``device``; what is not fp8 is converted to ``dtype``."""
        networks, loading = self.start(device, dtype, ops, placing)
        try:
            loading.wait()
        finally:
            loading.cancel()
        return networks

    def start(
        self,
        device: torch.device,
        dtype: torch.dtype,
        ops: Ops = REFERENCE,
        placing: Placing = ON_DEVICE,
    ) -> tuple[Networks, Loading]:
        """Begin to load; a network may be used as soon as it has been waited for."""
        picture_ops = resolve_picture(device)
        networks = blank_networks(
            self.sizes, ops, picture_ops, unconditional=self.has_unconditional
        )

        def fill(part: Part, network: nn.Module) -> None:
            begun = time.monotonic()
            # This thread is the loading's own, with a current device of its own.
            with as_current(device):
                fill_network(part, network, self.fills[part], device, dtype, placing)
                if part is Part.AUTOENCODER:
                    network.to(memory_format=picture_ops.memory_format)  # type: ignore[call-overload]
                if device.type == "cuda":
                    # Converted on this thread's stream; whoever waits for a part may be on another.
                    torch.cuda.current_stream(device).synchronize()
            seconds = time.monotonic() - begun
            log.info("%s: %.2f GB in %.1f s", part.value, self.nbytes(part) / 1e9, seconds)

        fills = {
            part: partial(fill, part, network)
            for part, network in networks.by_part()
            if part in self.fills
        }
        if Part.AUTOENCODER in self.located:
            _compare_batch_norm(self.located[Part.AUTOENCODER], self.sizes.autoencoder)
        return networks, Loading(fills)


def open_checkpoint(model: str | Path = DEFAULT_MODEL, *, unconditional: bool = True) -> Checkpoint:
    """Find a checkpoint, download it if it is a hub id, and check every header.

    ``unconditional=False`` leaves the unconditional transformer out, and so does a checkpoint
    that has none. Raises CheckpointError with file and tensor.
    """
    folder = Path(model)
    if not folder.is_dir():
        folder = download(str(model), unconditional=unconditional)
    wanted = [part for part in Part if unconditional or part is not Part.UNCONDITIONAL]
    located = {part: found for part in wanted if (found := locate(folder, part)) is not None}
    for part in Part:
        if part not in located and part is not Part.UNCONDITIONAL:
            raise CheckpointError(
                f"{folder / part.value}: missing; {model} is no complete checkpoint: download one "
                "with `python -m generator pull`, or name a folder that holds one"
            )
    sizes = Sizes(
        read_transformer_config(located[Part.TRANSFORMER].config),
        read_text_encoder_config(located[Part.TEXT_ENCODER].config),
        read_autoencoder_config(located[Part.AUTOENCODER].config),
        _unconditional_config(located.get(Part.UNCONDITIONAL)),
    )
    check_together(sizes.transformer, sizes.text_encoder, sizes.autoencoder)
    networks = blank_networks(sizes, unconditional=Part.UNCONDITIONAL in located)
    levels = len(sizes.autoencoder.block_out_channels)
    fills = {part: plan(part, net, located[part].files, levels) for part, net in networks.by_part()}
    return Checkpoint(str(model), locate_tokenizer(folder), sizes, located, fills)


def _unconditional_config(located: Located | None) -> TransformerConfig | None:
    """A small checkpoint may have fewer layers without text; a file without sizes has the same."""
    if located is None or located.config is None:
        return None
    return read_transformer_config(located.config)


def _compare_batch_norm(located: Located, config: AutoencoderConfig) -> None:
    """Log how far the file's batch-norm mean is from the latent constants, which are what is used.

    Engines disagree on which of the two normalises the latents, and a file with other values than
    those known so far would be worth hearing about.
    """
    for file in located.files:
        if "bn.running_mean" not in file.tensors:
            continue
        with safe_open(file.path, framework="pt") as weights:
            mean = weights.get_tensor("bn.running_mean").float()
        if mean.numel() == len(config.latents_shift):
            gap = (mean - torch.tensor(config.latents_shift)).abs().max().item()
            log.info("vae bn.running_mean is up to %.4f off the latent constants (not used)", gap)
