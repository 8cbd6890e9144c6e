"""Where a kernel writes an activation: plain, or e4m3 with one scale per row."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from generator.ops.kinds import E4M3, Activation, Quantised


@dataclass(frozen=True)
class Out:
    """``scale`` is a stand-in of no meaning where nothing is rounded."""

    data: Tensor
    scale: Tensor
    dtype: torch.dtype
    quantise: bool

    @classmethod
    def like(cls, x: Tensor, *, width: int | None = None, quantise: bool) -> Out:
        """Room for the rows of ``x``, or for rows of another width."""
        shape = (*x.shape[:-1], width or x.shape[-1])
        data = torch.empty(shape, dtype=E4M3 if quantise else x.dtype, device=x.device)
        if not quantise:
            return cls(data, data, x.dtype, quantise=False)
        scale = torch.empty((*x.shape[:-1], 1), dtype=torch.float32, device=x.device)
        return cls(data, scale, x.dtype, quantise=True)

    def activation(self) -> Activation:
        """What was written."""
        return Quantised(self.data, self.scale, self.dtype) if self.quantise else self.data
