"""The autoencoder's primitives as Triton kernels over pictures in channels-last order.

Shape legend: B batch, R pixels (rows times columns), C channels, P programs that share a picture.

They are bound by memory: each reads its input once and writes its result once. Measured shares of
the copy bandwidth are in ``PERFORMANCE.md``.
"""

# Triton compiles these functions, and its grammar is narrower than Python's.
# mypy: disable-error-code="no-untyped-def, misc"

from __future__ import annotations

import triton
import triton.language as tl


@triton.jit
def moments_kernel(
    x, partial, pixels, batch_stride, C: tl.constexpr, SHARE: tl.constexpr,
    BLOCK_R: tl.constexpr, BLOCK_C: tl.constexpr,
):  # fmt: skip
    """Mean and sum of squared deviations of each channel over ``SHARE`` pixels: [B, P, 2, C].

    Sums are taken around the first pixel, so that a large mean costs no digits.
    """
    program, item = tl.program_id(0), tl.program_id(1)
    c = tl.arange(0, BLOCK_C)
    first = program * SHARE
    last = tl.minimum(first + SHARE, pixels)
    picture = x + item.to(tl.int64) * batch_stride
    pivot = tl.load(picture + first.to(tl.int64) * C + c, mask=c < C, other=0.0).to(tl.float32)
    total = tl.zeros([BLOCK_R, BLOCK_C], tl.float32)
    squares = tl.zeros([BLOCK_R, BLOCK_C], tl.float32)
    for start in range(0, SHARE, BLOCK_R):
        r = first + start + tl.arange(0, BLOCK_R)
        inside = (r < last)[:, None] & (c < C)[None, :]
        at = r.to(tl.int64)[:, None] * C + c[None, :]
        value = tl.load(picture + at, mask=inside, other=0.0).to(tl.float32)
        away = tl.where(inside, value - pivot[None, :], 0.0)
        total += away
        squares += away * away
    count = (last - first).to(tl.float32)
    away = tl.sum(total, 0) / count
    spread = tl.maximum(tl.sum(squares, 0) - count * away * away, 0.0)
    out = partial + (item * tl.num_programs(0) + program) * 2 * C + c
    tl.store(out, pivot + away, mask=c < C)
    tl.store(out + C, spread, mask=c < C)


@triton.jit
def affine_kernel(
    partial, offset, weight, bias, scale, shift, pixels, programs, eps, C: tl.constexpr,
    GROUP: tl.constexpr, HAS_OFFSET: tl.constexpr, SHARE: tl.constexpr, MOST_P: tl.constexpr,
    BLOCK_P: tl.constexpr, BLOCK_K: tl.constexpr,
):  # fmt: skip
    """The moments of a group's channels to what its norm does to each of them."""
    group, item = tl.program_id(0), tl.program_id(1)
    k = tl.arange(0, BLOCK_K)
    c = group * GROUP + k
    in_group = k < GROUP
    offsets = tl.zeros([BLOCK_K], tl.float32)
    if HAS_OFFSET:
        offsets = tl.load(offset + c, mask=in_group, other=0.0).to(tl.float32)
    rows = partial + item * programs * 2 * C
    sums = tl.zeros([BLOCK_P, BLOCK_K], tl.float32)
    for start in range(0, MOST_P, BLOCK_P):
        p = start + tl.arange(0, BLOCK_P)
        inside = (p < programs)[:, None] & in_group[None, :]
        count = tl.minimum(SHARE, pixels - p * SHARE).to(tl.float32)[:, None]
        mean = tl.load(rows + p[:, None] * 2 * C + c[None, :], mask=inside, other=0.0)
        sums += tl.where(inside, (mean + offsets[None, :]) * count, 0.0)
    numbers = pixels * 1.0 * GROUP
    mean_of_group = tl.sum(sums) / numbers
    spreads = tl.zeros([BLOCK_P, BLOCK_K], tl.float32)
    for start in range(0, MOST_P, BLOCK_P):
        p = start + tl.arange(0, BLOCK_P)
        inside = (p < programs)[:, None] & in_group[None, :]
        count = tl.minimum(SHARE, pixels - p * SHARE).to(tl.float32)[:, None]
        at = rows + p[:, None] * 2 * C + c[None, :]
        mean = tl.load(at, mask=inside, other=0.0)
        away = mean + offsets[None, :] - mean_of_group
        spread = tl.load(at + C, mask=inside, other=0.0)
        spreads += tl.where(inside, spread + count * away * away, 0.0)
    rstd = 1.0 / tl.sqrt(tl.sum(spreads) / numbers + eps)
    factor = tl.load(weight + c, mask=in_group, other=0.0).to(tl.float32) * rstd
    added = tl.load(bias + c, mask=in_group, other=0.0).to(tl.float32)
    added += (offsets - mean_of_group) * factor
    tl.store(scale + item * C + c, factor, mask=in_group)
    tl.store(shift + item * C + c, added, mask=in_group)


@triton.jit
def apply_kernel(
    x, scale, shift, out, pixels, batch_stride, C: tl.constexpr, SILU: tl.constexpr,
    BLOCK_R: tl.constexpr, BLOCK_C: tl.constexpr,
):  # fmt: skip
    """``x * scale + shift`` and SiLU; ``out`` is [B, R, C]."""
    item = tl.program_id(1).to(tl.int64)
    r = tl.program_id(0) * BLOCK_R + tl.arange(0, BLOCK_R)
    c = tl.arange(0, BLOCK_C)
    inside = (r < pixels)[:, None] & (c < C)[None, :]
    at = r.to(tl.int64)[:, None] * C + c[None, :]
    factor = tl.load(scale + item * C + c, mask=c < C, other=0.0)[None, :]
    added = tl.load(shift + item * C + c, mask=c < C, other=0.0)[None, :]
    value = tl.load(x + item * batch_stride + at, mask=inside, other=0.0).to(tl.float32)
    value = value * factor + added
    if SILU:
        value = value / (1.0 + tl.exp(-value))
    result = out + item * pixels * C + at
    tl.store(result, value.to(out.dtype.element_ty), mask=inside)


@triton.jit
def add_branch_kernel(
    x, branch, offset, pixels, x_stride, branch_stride, C: tl.constexpr, BLOCK_R: tl.constexpr,
    BLOCK_C: tl.constexpr,
):  # fmt: skip
    """``branch += x + offset``."""
    item = tl.program_id(1).to(tl.int64)
    r = tl.program_id(0) * BLOCK_R + tl.arange(0, BLOCK_R)
    c = tl.arange(0, BLOCK_C)
    inside = (r < pixels)[:, None] & (c < C)[None, :]
    at = r.to(tl.int64)[:, None] * C + c[None, :]
    added = tl.load(offset + c, mask=c < C, other=0.0).to(tl.float32)[None, :]
    value = tl.load(x + item * x_stride + at, mask=inside, other=0.0).to(tl.float32)
    result = branch + item * branch_stride + at
    value += tl.load(result, mask=inside, other=0.0).to(tl.float32) + added
    tl.store(result, value.to(branch.dtype.element_ty), mask=inside)


@triton.jit
def interleave_kernel(
    phases, offset, out, rows, columns, out_stride, C: tl.constexpr, BLOCK_R: tl.constexpr,
    BLOCK_C: tl.constexpr,
):  # fmt: skip
    """Four phases [B, rows + 1, columns + 1, 4, C] to one picture [B, 2 rows, 2 columns, C].

    Phase (a, b) of pixel (i, j) is at (i + a, j + b): each saw its own corner of the neighbours.
    """
    item = tl.program_id(1).to(tl.int64)
    r = tl.program_id(0) * BLOCK_R + tl.arange(0, BLOCK_R)
    c = tl.arange(0, BLOCK_C)
    inside = (r < 4 * rows * columns)[:, None] & (c < C)[None, :]
    row, column = r // (2 * columns), r % (2 * columns)
    a, b = row % 2, column % 2
    source = (row // 2 + a) * (columns + 1) + column // 2 + b
    source = source.to(tl.int64) * 4 + 2 * a + b
    picture = phases + item * (rows + 1) * (columns + 1) * 4 * C
    value = tl.load(picture + source[:, None] * C + c[None, :], mask=inside, other=0.0)
    added = tl.load(offset + c, mask=c < C, other=0.0).to(tl.float32)[None, :]
    at = r.to(tl.int64)[:, None] * C + c[None, :]
    value = value.to(tl.float32) + added
    tl.store(out + item * out_stride + at, value.to(out.dtype.element_ty), mask=inside)
