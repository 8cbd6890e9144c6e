"""``norm_rotate``: RMSNorm of each query and key head and the rotary embedding.

Plain results are written over the projection that they come from: 2 bytes read and 2 written per
number of queries and keys; scales of columns come out of a cache. With ``quantise`` 2 are read and
1 is written, and the values take one pass for the largest number of each head and one to round.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from generator.ops.kernels.rows import parts
from generator.ops.kinds import E4M3, E4M3_MAX, Activation, Norm, Product, Quantised
from generator.ops.quantise import SMALLEST_AMAX

_MAX: tl.constexpr = tl.constexpr(E4M3_MAX)
_SMALLEST: tl.constexpr = tl.constexpr(SMALLEST_AMAX)
TOKENS = 8
"""Most tokens of a program, which takes their heads in turn and loads their angles once."""
PROGRAMS = 512
"""As many are kept busy before tokens share one."""
STAGES = 3
"""Turns of a program that are loaded or computed at once."""
VALUES = 16384
"""Numbers of a program that reads values."""


@triton.jit
def _turn(
    x: tl.tensor, columns: tl.tensor, norm_q: tl.tensor, norm_k: tl.tensor,
    cos: tl.tensor, sin: tl.tensor,
    q_out: tl.tensor, k_out: tl.tensor, q_scale: tl.tensor, k_scale: tl.tensor,
    count: tl.tensor, length: tl.tensor, table_stride: tl.tensor,
    eps_q: tl.tensor, eps_k: tl.tensor,
    H: tl.constexpr, G: tl.constexpr, K: tl.constexpr, HALF: tl.constexpr,
    TOKENS: tl.constexpr, HEADS: tl.constexpr, STAGES: tl.constexpr,
    UNSCALED: tl.constexpr, QUANTISE: tl.constexpr,
) -> None:  # fmt: skip
    # Heads of a token lie side by side: queries, keys, values. A block is [tokens, heads, half].
    token = tl.program_id(0).to(tl.int64) * TOKENS + tl.arange(0, TOKENS)
    j = tl.arange(0, HEADS)
    i = tl.arange(0, HALF)
    within = i < K // 2
    live = (token < count)[:, None, None]
    if HALF > K // 2:
        live = live & within[None, None, :]
    place = (token % length + token // length * table_stride) * (K // 2)
    c = tl.load(cos + place[:, None, None] + i[None, None, :], mask=live, other=0.0).to(tl.float32)
    s = tl.load(sin + place[:, None, None] + i[None, None, :], mask=live, other=0.0).to(tl.float32)
    within_token = (j * K)[None, :, None] + i[None, None, :]
    source = x + (token * ((H + 2 * G) * K))[:, None, None] + within_token

    for side in tl.static_range(2):
        heads = H if side == 0 else G
        norm = norm_q if side == 0 else norm_k
        eps = eps_q if side == 0 else eps_k
        w = tl.load(norm + i, mask=within, other=0.0).to(tl.float32)[None, None, :]
        v = tl.load(norm + K // 2 + i, mask=within, other=0.0).to(tl.float32)[None, None, :]
        if QUANTISE:
            out = q_out if side == 0 else k_out
            target = out + (token * (heads * K))[:, None, None] + within_token
            bound = tl.maximum(tl.max(tl.maximum(tl.abs(w), tl.abs(v))) * (K**0.5), _SMALLEST)
            if tl.program_id(0) == 0:
                tl.store(q_scale if side == 0 else k_scale, bound / _MAX)
        for head in tl.range(0, heads, HEADS, num_stages=STAGES):
            first = (side * H + head) * K
            a = tl.load(source + first, mask=live, other=0.0).to(tl.float32)
            b = tl.load(source + first + K // 2, mask=live, other=0.0).to(tl.float32)
            if UNSCALED:
                column = columns + first + within_token
                a *= tl.load(column, mask=within[None, None, :], other=0.0)
                b *= tl.load(column + K // 2, mask=within[None, None, :], other=0.0)
            mean = (tl.sum(a * a, axis=2) + tl.sum(b * b, axis=2)) / K
            inverse = tl.rsqrt(mean + eps)[:, :, None]
            a = a * inverse * w
            b = b * inverse * v
            a, b = a * c - b * s, b * c + a * s
            if QUANTISE:
                a = tl.minimum(tl.maximum(a * (_MAX / bound), -_MAX), _MAX)
                b = tl.minimum(tl.maximum(b * (_MAX / bound), -_MAX), _MAX)
                tl.store(target + head * K, a.to(out.dtype.element_ty), mask=live)
                tl.store(target + head * K + K // 2, b.to(out.dtype.element_ty), mask=live)
            else:
                kind = x.dtype.element_ty
                tl.store(source + first, a.to(kind), mask=live)
                tl.store(source + first + K // 2, b.to(kind), mask=live)


@triton.jit
def _largest(
    v: tl.tensor, amax: tl.tensor, length: tl.tensor,
    item_stride: tl.tensor, token_stride: tl.tensor,
    G: tl.constexpr, K: tl.constexpr, BLOCK: tl.constexpr, ROWS: tl.constexpr,
) -> None:  # fmt: skip
    item = tl.program_id(1) // G
    head = tl.program_id(1) % G
    token = tl.program_id(0) * ROWS + tl.arange(0, ROWS)
    i = tl.arange(0, BLOCK)
    source = v + item.to(tl.int64) * item_stride + head * K
    offset = token.to(tl.int64)[:, None] * token_stride + i[None, :]
    live = (token < length)[:, None] & (i < K)[None, :]
    x = tl.load(source + offset, mask=live, other=0.0).to(tl.float32)
    tl.atomic_max(amax + tl.program_id(1), tl.max(tl.max(tl.abs(x), axis=1), axis=0))


@triton.jit
def _round_values(
    v: tl.tensor, amax: tl.tensor, out: tl.tensor, scale: tl.tensor, length: tl.tensor,
    item_stride: tl.tensor, token_stride: tl.tensor,
    G: tl.constexpr, K: tl.constexpr, BLOCK: tl.constexpr, ROWS: tl.constexpr,
) -> None:  # fmt: skip
    item = tl.program_id(1) // G
    head = tl.program_id(1) % G
    token = tl.program_id(0) * ROWS + tl.arange(0, ROWS)
    i = tl.arange(0, BLOCK)
    bound = tl.maximum(tl.load(amax + tl.program_id(1)), _SMALLEST)
    if tl.program_id(0) == 0:
        tl.store(scale + tl.program_id(1), bound / _MAX)
    source = v + item.to(tl.int64) * item_stride + head * K
    offset = token.to(tl.int64)[:, None] * token_stride + i[None, :]
    live = (token < length)[:, None] & (i < K)[None, :]
    x = tl.load(source + offset, mask=live, other=0.0).to(tl.float32) * (_MAX / bound)
    x = tl.minimum(tl.maximum(x, -_MAX), _MAX)
    place = ((item.to(tl.int64) * length + token) * G + head)[:, None] * K + i[None, :]
    tl.store(out + place, x.to(out.dtype.element_ty), mask=live)


def norm_rotate(
    heads_BLXK: Product,
    heads: int,
    kv_heads: int,
    norm_q: Norm,
    norm_k: Norm,
    cos: Tensor,
    sin: Tensor,
    *,
    quantise: bool,
) -> tuple[Activation, Activation, Activation]:
    """See ``reference.norm_rotate`` and ``quantise.norm_rotate``; overwrites its input.

    Scales of the values' columns have to be one and are not looked at: values go to attention as
    they come out of the product, and a pass over them would cost more than bare weights gain.
    """
    data, columns = parts(heads_BLXK)
    B, L, _, K = data.shape
    x = data.contiguous()
    # Stand-ins where nothing is rounded.
    q8 = x.new_empty((B, L, heads, K), dtype=E4M3) if quantise else x
    k8 = x.new_empty((B, L, kv_heads, K), dtype=E4M3) if quantise else x
    q_scale, k_scale = torch.empty(2, dtype=torch.float32, device=x.device).unbind()
    count = B * L
    tokens = min(TOKENS, 1 << max(0, (count // PROGRAMS).bit_length() - 1))
    _turn[(triton.cdiv(count, tokens),)](
        x,
        x if columns is None else columns,
        norm_q.weight,
        norm_k.weight,
        cos,
        sin,
        q8,
        k8,
        q_scale,
        k_scale,
        count,
        L,
        L if cos.shape[0] > 1 else 0,
        norm_q.eps,
        norm_k.eps,
        H=heads,
        G=kv_heads,
        K=K,
        HALF=triton.next_power_of_2(K // 2),
        TOKENS=tokens,
        HEADS=1 if heads % 2 or kv_heads % 2 else 2,
        STAGES=STAGES,
        UNSCALED=columns is not None,
        QUANTISE=quantise,
        num_warps=max(1, tokens // 2),
    )
    q, k, v = torch.split(x, [heads, kv_heads, kv_heads], dim=2)
    if not quantise:
        return q, k, v
    return (
        Quantised(q8, q_scale.expand(B, heads), x.dtype),
        Quantised(k8, k_scale.expand(B, kv_heads), x.dtype),
        _values(v),
    )


def _values(v_BLGK: Tensor) -> Quantised:
    B, L, G, K = v_BLGK.shape
    amax = torch.zeros(B, G, dtype=torch.float32, device=v_BLGK.device)
    scale = torch.empty_like(amax)
    out = torch.empty((B, L, G, K), dtype=E4M3, device=v_BLGK.device)
    block = triton.next_power_of_2(K)
    per_program = max(1, VALUES // block)
    grid = (triton.cdiv(L, per_program), B * G)
    strides = (L, v_BLGK.stride(0), v_BLGK.stride(1))
    shape = {"G": G, "K": K, "BLOCK": block, "ROWS": per_program, "num_warps": 8}
    _largest[grid](v_BLGK, amax, *strides, **shape)
    _round_values[grid](v_BLGK, amax, out, scale, *strides, **shape)
    return Quantised(out, scale, v_BLGK.dtype)
