"""``gated_residual`` and ``residual_norm``: post-norm, gate, residual sum and the next pre-norm.

Bytes per number with bf16 input: 4 read; 2 written, and with the pre-norm 2 or 1 more. Scales of
columns are the same for every row and come out of a cache.
"""

from __future__ import annotations

from typing import Any

import torch
import triton
import triton.language as tl
from torch import Tensor

from generator.ops.kernels.out import Out
from generator.ops.kernels.persistent import persistent_residual_norm
from generator.ops.kernels.rows import (
    finish_row,
    inverse_rms,
    load_columns,
    load_row,
    parts,
    rows,
    spans,
    store_row,
    warps,
)
from generator.ops.kinds import Activation, Norm, Product

PERSISTENT_FROM = 4096
"""Rows from which ``persistent_residual_norm`` is faster where it can be used."""


@triton.jit
def _residual(
    h: tl.tensor, branch: tl.tensor, columns: tl.tensor, post: tl.tensor, gate: tl.tensor,
    pre: tl.tensor, scale: tl.tensor, h_out: tl.tensor, out: tl.tensor, out_scale: tl.tensor,
    length: tl.tensor, gate_stride: tl.tensor, scale_stride: tl.tensor,
    post_eps: tl.tensor, pre_eps: tl.tensor,
    D: tl.constexpr, A: tl.constexpr, B: tl.constexpr,
    UNSCALED: tl.constexpr, POST: tl.constexpr, GATED: tl.constexpr, PRE: tl.constexpr,
    SCALED: tl.constexpr, QUANTISE: tl.constexpr,
) -> None:  # fmt: skip
    row = tl.program_id(0).to(tl.int64)
    item = row // length
    a, b = load_row(branch + row * D, D, A, B)
    c, d = load_row(h + row * D, D, A, B)
    if UNSCALED:
        w, v = load_columns(columns, D, A, B)
        a, b = a * w, b * v
    if POST:
        inverse = inverse_rms(a, b, post_eps, D)
        w, v = load_row(post, D, A, B)
        a, b = a * inverse * w, b * inverse * v
    if GATED:
        w, v = load_row(gate + item * gate_stride, D, A, B)
        a, b = a * w, b * v
    a, b = a + c, b + d
    store_row(h_out + row * D, a, b, D, A, B)
    if PRE:
        inverse = inverse_rms(a, b, pre_eps, D)
        w, v = load_row(pre, D, A, B)
        a, b = a * inverse * w, b * inverse * v
        if SCALED:
            w, v = load_row(scale + item * scale_stride, D, A, B)
            a, b = a * w, b * v
        finish_row(out, out_scale, row, a, b, D, A, B, QUANTISE)


def gated_residual(h_BLD: Tensor, branch_BLD: Product, norm: Norm, gate_B1D: Tensor) -> Tensor:
    """See ``reference.gated_residual``."""
    h_out = torch.empty_like(h_BLD)
    out = Out(h_out, h_out, h_out.dtype, quantise=False)
    _launch(h_BLD, branch_BLD, norm, gate_B1D, None, None, h_out, out)
    return h_out


def residual_norm(
    h_BLD: Tensor,
    branch_BLD: Product,
    post: Norm | None,
    gate_B1D: Tensor | None,
    pre: Norm,
    scale_B1D: Tensor | None,
    *,
    quantise: bool,
) -> tuple[Tensor, Activation]:
    """See ``reference.residual_norm`` and ``quantise.residual_norm``.

    The pre-norm sees the sum before it is rounded for the residual stream.
    """
    if (
        quantise
        and isinstance(branch_BLD, Tensor)
        and post is not None
        and (gate := _only_row(gate_B1D)) is not None
        and (scale := _only_row(scale_B1D)) is not None
        and h_BLD.numel() >= PERSISTENT_FROM * h_BLD.shape[-1]
    ):
        return persistent_residual_norm(h_BLD, branch_BLD, post, gate, pre, scale)
    h_out = torch.empty_like(h_BLD)
    out = Out.like(h_BLD, quantise=quantise)
    _launch(h_BLD, branch_BLD, post, gate_B1D, pre, scale_B1D, h_out, out)
    return h_out, out.activation()


def _only_row(x_B1D: Tensor | None) -> Tensor | None:
    """The row that serves a whole batch, if one does."""
    return None if x_B1D is None or x_B1D.shape[0] > 1 else x_B1D


def _launch(
    h_BLD: Tensor,
    branch_BLD: Product,
    post: Norm | None,
    gate: Tensor | None,
    pre: Norm | None,
    scale: Tensor | None,
    h_out: Tensor,
    out: Out,
) -> None:
    data, columns = parts(branch_BLD)
    h, branch = rows(h_BLD), rows(data)
    D = h.shape[1]
    A, B = spans(D)
    _residual[(h.shape[0],)](
        h,
        branch,
        *_pointers(h, columns, post, gate, pre, scale),
        h_out,
        out.data,
        out.scale,
        h_BLD.shape[1],
        _stride(gate),
        _stride(scale),
        0.0 if post is None else post.eps,
        0.0 if pre is None else pre.eps,
        D=D,
        A=A,
        B=B,
        UNSCALED=columns is not None,
        POST=post is not None,
        GATED=gate is not None,
        PRE=pre is not None,
        SCALED=scale is not None,
        QUANTISE=out.quantise,
        num_warps=warps(D),
    )


def _pointers(stand_in: Tensor, *given: Norm | Tensor | None) -> list[Any]:
    """Tensors for a launch; what is absent is never read."""
    tensors = (x.weight if isinstance(x, Norm) else x for x in given)
    return [stand_in if x is None else x for x in tensors]


def _stride(x_B1D: Tensor | None) -> int:
    """From item to item; one item serves a whole batch."""
    return 0 if x_B1D is None or x_B1D.shape[0] == 1 else x_B1D.stride(0)
