"""``residual_norm`` of long inputs whose result is rounded, by persistent programs.

They keep what all rows have in common in registers, and load a row while those before it are
computed. Bytes per number with bf16 input: 4 read, 3 written.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from generator.ops.kernels.device import multiprocessors
from generator.ops.kernels.out import Out
from generator.ops.kernels.rows import (
    finish_row,
    inverse_rms,
    load_columns,
    load_row,
    rows,
    spans,
    store_row,
    warps,
)
from generator.ops.kinds import Activation, Norm

PROGRAMS = 3
"""Programs for each multiprocessor: as many as its registers hold."""
STAGES = 3
"""Rows of a program that are loaded or computed at once."""


@triton.jit
def _persistent(
    h: tl.tensor, branch: tl.tensor, post: tl.tensor, gate: tl.tensor,
    pre: tl.tensor, scale: tl.tensor, h_out: tl.tensor, out: tl.tensor, out_scale: tl.tensor,
    count: tl.tensor, post_eps: tl.tensor, pre_eps: tl.tensor,
    D: tl.constexpr, A: tl.constexpr, B: tl.constexpr, STAGES: tl.constexpr,
) -> None:  # fmt: skip
    w, v = load_columns(post, D, A, B)
    s, t = load_columns(gate, D, A, B)
    end_a, end_b = w * s, v * t
    w, v = load_columns(pre, D, A, B)
    s, t = load_columns(scale, D, A, B)
    next_a, next_b = w * s, v * t
    first, step = tl.program_id(0), tl.num_programs(0)
    for turn in tl.range(0, tl.cdiv(count - first, step), num_stages=STAGES):
        row = (first + turn * step).to(tl.int64)
        a, b = load_row(branch + row * D, D, A, B)
        c, d = load_row(h + row * D, D, A, B)
        inverse = inverse_rms(a, b, post_eps, D)
        a, b = a * inverse * end_a + c, b * inverse * end_b + d
        store_row(h_out + row * D, a, b, D, A, B)
        inverse = inverse_rms(a, b, pre_eps, D)
        a, b = a * inverse * next_a, b * inverse * next_b
        finish_row(out, out_scale, row, a, b, D, A, B, QUANTISE=True)


def persistent_residual_norm(
    h_BLD: Tensor,
    branch_BLD: Tensor,
    post: Norm,
    gate_11D: Tensor,
    pre: Norm,
    scale_11D: Tensor,
) -> tuple[Tensor, Activation]:
    """``residual.residual_norm`` with one gate and one scale for all rows, rounded."""
    h_out = torch.empty_like(h_BLD)
    out = Out.like(h_BLD, quantise=True)
    h, branch = rows(h_BLD), rows(branch_BLD)
    count, D = h.shape
    A, B = spans(D)
    _persistent[(min(count, PROGRAMS * multiprocessors(h.device)),)](
        h,
        branch,
        post.weight,
        gate_11D,
        pre.weight,
        scale_11D,
        h_out,
        out.data,
        out.scale,
        count,
        post.eps,
        pre.eps,
        D=D,
        A=A,
        B=B,
        STAGES=STAGES,
        num_warps=warps(D),
    )
    return h_out, out.activation()
