"""Put weights from memory-mapped files into a network on its device, as planned."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from torch import Tensor, nn

from generator.checkpoint.plan import Fill, Source
from generator.model.layers import Linear


def fill_network(
    network: nn.Module, fills: Iterable[Fill], device: torch.device, dtype: torch.dtype
) -> None:
    """Replace every parameter of a network built on the meta device.

    fp8 weights keep their bits and get their fp32 row scales; the rest is converted to ``dtype``,
    on the device. No copy of the weights is made in main memory.
    """
    with ExitStack() as stack:
        files: dict[Path, Any] = {}

        def read(source: Source) -> Tensor:
            if source.path not in files:
                opened = safe_open(source.path, framework="pt", device=str(device))
                files[source.path] = stack.enter_context(opened)
            tensor: Tensor = files[source.path].get_tensor(source.name)
            return tensor

        for fill in fills:
            path, _, name = fill.parameter.rpartition(".")
            module = network.get_submodule(path)
            shape = module.get_parameter(name).shape
            stored = torch.float8_e4m3fn if fill.scales else dtype
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
    network.eval()


def _stack(tensors: list[Tensor], shape: torch.Size, dtype: torch.dtype) -> Tensor:
    """One tensor of ``shape``; several are copied into place one by one."""
    if len(tensors) == 1:
        return tensors[0].to(dtype).reshape(shape)
    stacked = torch.empty(shape, dtype=dtype, device=tensors[0].device)
    first = 0
    for tensor in tensors:
        stacked[first : first + len(tensor)].copy_(tensor)
        first += len(tensor)
    return stacked
