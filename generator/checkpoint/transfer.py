"""Decide where every tensor of a file goes in memory, and give the parameters their storage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from generator.checkpoint.plan import Fill, Source
from generator.model.layers import Linear
from generator.ops.kinds import E4M3

DTYPES = {
    "F8_E4M3": E4M3,
    "BF16": torch.bfloat16,
    "F16": torch.float16,
    "F32": torch.float32,
}
"""The dtypes that a plan lets through, by their names in a header."""

Allocate = Callable[[str, torch.Size, torch.dtype], Tensor]
"""Storage for a parameter, given its name, shape and dtype."""


@dataclass(frozen=True)
class Transfer:
    """A tensor of a file and the contiguous rows in memory that take it."""

    source: Source
    target: Tensor

    @property
    def is_plain(self) -> bool:
        """Whether the bytes go over as they are; if not, they are converted or repeated."""
        info = self.source.info
        return DTYPES[info.dtype] == self.target.dtype and info.nbytes == self.target.nbytes

    def convert(self, raw: Tensor) -> None:
        """Fill the target from the file's bytes, which are on the same device."""
        values = raw.view(DTYPES[self.source.info.dtype])
        shape = self.target.shape
        self.target.copy_(values.expand(shape) if values.numel() == 1 else values.reshape(shape))


def allot(
    network: nn.Module, fills: Iterable[Fill], dtype: torch.dtype, allocate: Allocate
) -> Iterator[Transfer]:
    """Replace the parameters of a network on the meta device by storage that is yet to be filled.

    fp8 weights keep their dtype and get fp32 row scales; everything else is to be ``dtype``.
    """
    for fill in fills:
        path, _, name = fill.parameter.rpartition(".")
        module = network.get_submodule(path)
        stored = E4M3 if fill.scales else dtype
        weight = allocate(fill.parameter, module.get_parameter(name).shape, stored)
        setattr(module, name, nn.Parameter(weight, requires_grad=False))
        yield from _by_rows(fill.tensors, fill.tensors, weight)
        if isinstance(module, Linear) and fill.scales:
            scale = allocate(f"{fill.parameter}_scale", weight.shape[:1], torch.float32)
            module.weight_scale = scale
            yield from _by_rows(fill.scales, fill.tensors, scale)


def _by_rows(
    sources: tuple[Source, ...], tensors: tuple[Source, ...], whole: Tensor
) -> Iterator[Transfer]:
    """Tensors go one below the other; a scale has as many rows as its tensor."""
    if len(sources) == 1:
        yield Transfer(sources[0], whole)
        return
    first = 0
    for source, tensor in zip(sources, tensors, strict=True):
        height = tensor.info.shape[0]
        yield Transfer(source, whole[first : first + height])
        first += height
