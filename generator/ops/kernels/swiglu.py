"""``swiglu`` and rounding to e4m3, in one pass. Bytes per result: 4 read, 2 or 1 written.

Scales of columns are the same for every row and come out of a cache.
"""

from __future__ import annotations

import triton
import triton.language as tl

from generator.ops.kernels.out import Out
from generator.ops.kernels.rows import finish_row, load_columns, load_row, parts, rows, spans, warps
from generator.ops.kinds import Activation, Product


@triton.jit
def _swiglu(
    x: tl.tensor, columns: tl.tensor, out: tl.tensor, out_scale: tl.tensor,
    D: tl.constexpr, A: tl.constexpr, B: tl.constexpr,
    UNSCALED: tl.constexpr, QUANTISE: tl.constexpr,
) -> None:  # fmt: skip
    row = tl.program_id(0).to(tl.int64)
    a, b = load_row(x + row * 2 * D, D, A, B)
    if UNSCALED:
        s, t = load_columns(columns, D, A, B)
        a, b = a * s, b * t
    a, b = a / (1.0 + tl.exp(-a)), b / (1.0 + tl.exp(-b))
    c, d = load_row(x + row * 2 * D + D, D, A, B)
    if UNSCALED:
        s, t = load_columns(columns + D, D, A, B)
        c, d = c * s, d * t
    finish_row(out, out_scale, row, a * c, b * d, D, A, B, QUANTISE)


def swiglu(gate_up: Product, *, quantise: bool) -> Activation:
    """See ``reference.swiglu`` and ``quantise.swiglu``."""
    data, columns = parts(gate_up)
    x = rows(data)
    D = x.shape[1] // 2
    A, B = spans(D)
    out = Out.like(data, width=D, quantise=quantise)
    _swiglu[(x.shape[0],)](
        x,
        x if columns is None else columns,
        out.data,
        out.scale,
        D=D,
        A=A,
        B=B,
        UNSCALED=columns is not None,
        QUANTISE=quantise,
        num_warps=warps(D),
    )
    return out.activation()
