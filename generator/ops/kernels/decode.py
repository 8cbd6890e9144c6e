"""``reference.decode``: an e4m3 weight in the compute dtype. 1 byte read, 2 written."""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

BLOCK = 4096


@triton.jit
def _decode(
    weight: tl.tensor, scale: tl.tensor, out: tl.tensor, width: tl.tensor, BLOCK: tl.constexpr
) -> None:
    row = tl.program_id(0).to(tl.int64)
    column = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    inside = column < width
    kind = out.dtype.element_ty
    x = tl.load(weight + row * width + column, mask=inside).to(tl.float32)
    s = tl.load(scale + row).to(kind).to(tl.float32)
    tl.store(out + row * width + column, (x * s).to(kind), mask=inside)


def decode(weight_OF: Tensor, weight_scale_O: Tensor, dtype: torch.dtype) -> Tensor:
    """See ``reference.decode``."""
    out = torch.empty_like(weight_OF, dtype=dtype)
    height, width = weight_OF.shape
    grid = (height, triton.cdiv(width, BLOCK))
    _decode[grid](weight_OF, weight_scale_O, out, width, BLOCK=BLOCK, num_warps=4)
    return out
