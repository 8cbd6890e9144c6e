"""Put weights into a network on its device, as planned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from torch import Tensor, nn

from generator.checkpoint.names import Part
from generator.checkpoint.plan import Fill, Source
from generator.checkpoint.reading import read_tensors
from generator.checkpoint.transfer import allot
from generator.model.layers import Linear
from generator.ops import reference
from generator.ops.kinds import E4M3
from generator.streaming import (
    BlockStream,
    Home,
    keep_in_main_memory,
    make_home,
    streamed_names,
)

BLOCKS = "layers"
EMBEDDING = "embed_tokens"


@dataclass(frozen=True)
class Placing:
    """Where the weights live; without anything said, all of them on the device as they are."""

    streamed: Mapping[Part, frozenset[int]] = field(default_factory=dict)
    """The blocks, by index, whose matrices stay in main memory and visit the device. A text
    encoder with any also leaves its table of tokens there."""
    decoded: bool = False
    """Whether fp8 weights are turned into the compute dtype once and for all: without their scales
    where a primitive of the faithful tier can apply those to the product."""


ON_DEVICE = Placing()


def fill_network(
    part: Part,
    network: nn.Module,
    fills: Iterable[Fill],
    device: torch.device,
    dtype: torch.dtype,
    placing: Placing = ON_DEVICE,
) -> None:
    """Replace every parameter of a network built on the meta device.

    fp8 weights keep their bits and get their fp32 row scales; the rest is converted to ``dtype``.
    Raises CheckpointError for a file that cannot be read, and DeviceError.
    """
    streamed = placing.streamed.get(part, frozenset())
    if device.type == "cpu" and not streamed:
        _map(network, fills, dtype)
    else:
        _place(network, list(fills), device, dtype, streamed)
    if placing.decoded:
        decode_ahead(network, dtype)
    network.eval()


def _map(network: nn.Module, fills: Iterable[Fill], dtype: torch.dtype) -> None:
    """Use the files' own pages as the weights, where nothing has to be converted or packed."""
    with ExitStack() as stack:
        files: dict[Path, Any] = {}

        def read(source: Source) -> Tensor:
            if source.path not in files:
                files[source.path] = stack.enter_context(safe_open(source.path, framework="pt"))
            tensor: Tensor = files[source.path].get_tensor(source.name)
            return tensor

        for fill in fills:
            path, _, name = fill.parameter.rpartition(".")
            module = network.get_submodule(path)
            shape = module.get_parameter(name).shape
            stored = E4M3 if fill.scales else dtype
            weight = _stack([read(source) for source in fill.tensors], shape, stored)
            setattr(module, name, nn.Parameter(weight, requires_grad=False))
            if isinstance(module, Linear) and fill.scales:
                heights = [source.info.shape[0] for source in fill.tensors]
                module.weight_scale = torch.cat(
                    [
                        read(scale).float().reshape(-1).expand(height)
                        for scale, height in zip(fill.scales, heights, strict=True)
                    ]
                )


def _stack(tensors: list[Tensor], shape: torch.Size, dtype: torch.dtype) -> Tensor:
    """One tensor of ``shape``; several are copied into place one by one."""
    if len(tensors) == 1:
        return tensors[0].to(dtype).reshape(shape)
    stacked = torch.empty(shape, dtype=dtype)
    first = 0
    for tensor in tensors:
        stacked[first : first + len(tensor)].copy_(tensor)
        first += len(tensor)
    return stacked


def _place(
    network: nn.Module,
    fills: list[Fill],
    device: torch.device,
    dtype: torch.dtype,
    streamed: frozenset[int],
) -> None:
    """Read the weights to where they live, several at a time."""
    homes = _homes(network, fills, dtype, streamed) if streamed else {}
    kept = {
        f"{BLOCKS}.{index}.{name}": view
        for index, home in homes.items()
        for name, view in home.views(home.buffer).items()
    }

    def allocate(name: str, shape: torch.Size, stored: torch.dtype) -> Tensor:
        if name in kept:
            return kept[name]
        in_main_memory = homes and name.startswith(f"{EMBEDDING}.")
        return torch.empty(shape, dtype=stored, device="cpu" if in_main_memory else device)

    read_tensors(allot(network, fills, dtype, allocate), device)
    if homes:
        BlockStream(list(network.get_submodule(BLOCKS).children()), homes, device)
        embedding = getattr(network, EMBEDDING, None)
        if isinstance(embedding, nn.Embedding):
            keep_in_main_memory(embedding, device)


def _homes(
    network: nn.Module, fills: list[Fill], dtype: torch.dtype, streamed: frozenset[int]
) -> dict[int, Home]:
    """Main memory for the large matrices of the ``streamed`` blocks."""
    stored = {fill.parameter: E4M3 if fill.scales else dtype for fill in fills}
    homes = {}
    for index in sorted(streamed):
        block = network.get_submodule(f"{BLOCKS}.{index}")
        names = streamed_names(block)
        homes[index] = make_home(
            block, {name: stored[f"{BLOCKS}.{index}.{name}"] for name in names}
        )
    return homes


def decode_ahead(network: nn.Module, dtype: torch.dtype) -> None:
    """Turn fp8 weights into ``dtype``, with their scales only where nobody else can apply them.

    A GPU at its power limit multiplies numbers faster the fewer of their bits are set: on an H200
    bf16 products of bare e4m3 numbers gain about 5 %. Those are exact in ``dtype``, bfloat16 or
    float32, whose range keeps the products from overflowing without their scales.
    """
    for module in network.modules():
        if isinstance(module, Linear) and module.weight_scale is not None:
            stored, scale, bare = module.weight, module.weight_scale.clone(), module.bare_rows
            weight = stored.to(dtype)
            weight[bare:] = reference.decode(stored[bare:], scale[bare:], dtype)
            scale[bare:] = 1.0
            module.weight = nn.Parameter(weight, requires_grad=False)
            module.weight_scale = scale if bare else None
