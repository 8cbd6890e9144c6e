"""``swiglu`` and rounding to e4m3, in one pass. Bytes per result: 4 read, 2 or 1 written."""

from __future__ import annotations

import triton
import triton.language as tl
from torch import Tensor

from generator.ops.kernels.out import Out
from generator.ops.kernels.rows import finish_row, load_row, rows, spans, warps
from generator.ops.kinds import Activation


@triton.jit
def _swiglu(
    x: tl.tensor, out: tl.tensor, out_scale: tl.tensor,
    D: tl.constexpr, A: tl.constexpr, B: tl.constexpr, QUANTISE: tl.constexpr,
) -> None:  # fmt: skip
    row = tl.program_id(0).to(tl.int64)
    a, b = load_row(x + row * 2 * D, D, A, B)
    a, b = a / (1.0 + tl.exp(-a)), b / (1.0 + tl.exp(-b))
    c, d = load_row(x + row * 2 * D + D, D, A, B)
    finish_row(out, out_scale, row, a * c, b * d, D, A, B, QUANTISE)


def swiglu(gate_up: Tensor, *, quantise: bool) -> Activation:
    """See ``reference.swiglu`` and ``quantise.swiglu``."""
    x = rows(gate_up)
    D = x.shape[1] // 2
    A, B = spans(D)
    out = Out.like(gate_up, width=D, quantise=quantise)
    _swiglu[(x.shape[0],)](
        x, out.data, out.scale, D=D, A=A, B=B, QUANTISE=quantise, num_warps=warps(D)
    )
    return out.activation()
