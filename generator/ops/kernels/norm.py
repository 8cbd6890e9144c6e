"""``norm_modulate``: RMSNorm, the adaptive scale, and rounding to e4m3, in one pass.

Bytes per number with bf16 input: 2 read, 2 or 1 written.
"""

from __future__ import annotations

import triton
import triton.language as tl
from torch import Tensor

from generator.ops.kernels.out import Out
from generator.ops.kernels.rows import finish_row, inverse_rms, load_row, rows, spans, warps
from generator.ops.kinds import Activation, Norm


@triton.jit
def _norm(
    x: tl.tensor, weight: tl.tensor, scale: tl.tensor, out: tl.tensor, out_scale: tl.tensor,
    length: tl.tensor, scale_stride: tl.tensor, eps: tl.tensor,
    D: tl.constexpr, A: tl.constexpr, B: tl.constexpr,
    SCALED: tl.constexpr, QUANTISE: tl.constexpr,
) -> None:  # fmt: skip
    row = tl.program_id(0).to(tl.int64)
    a, b = load_row(x + row * D, D, A, B)
    inverse = inverse_rms(a, b, eps, D)
    w, v = load_row(weight, D, A, B)
    a, b = a * inverse * w, b * inverse * v
    if SCALED:
        s, t = load_row(scale + row // length * scale_stride, D, A, B)
        a, b = a * s, b * t
    finish_row(out, out_scale, row, a, b, D, A, B, QUANTISE)


def norm_modulate(
    x_BLD: Tensor, norm: Norm, scale_B1D: Tensor | None, *, quantise: bool
) -> Activation:
    """See ``reference.norm_modulate`` and ``quantise.norm_modulate``."""
    x = rows(x_BLD)
    out = Out.like(x_BLD, quantise=quantise)
    D = x.shape[1]
    A, B = spans(D)
    _norm[(x.shape[0],)](
        x,
        norm.weight,
        norm.weight if scale_B1D is None else scale_B1D,
        out.data,
        out.scale,
        x_BLD.shape[1],
        0 if scale_B1D is None or scale_B1D.shape[0] == 1 else scale_B1D.stride(0),
        norm.eps,
        D=D,
        A=A,
        B=B,
        SCALED=scale_B1D is not None,
        QUANTISE=quantise,
        num_warps=warps(D),
    )
    return out.activation()
