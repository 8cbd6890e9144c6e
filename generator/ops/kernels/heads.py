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
NUMBERS = 2048
"""Numbers of a program, over some heads in a row."""
VALUES = 16384
"""The same for values, which are read in one piece."""


@triton.jit
def _turn(
    x: tl.tensor, columns: tl.tensor, norm_q: tl.tensor, norm_k: tl.tensor,
    cos: tl.tensor, sin: tl.tensor,
    q_out: tl.tensor, k_out: tl.tensor, q_scale: tl.tensor, k_scale: tl.tensor,
    count: tl.tensor, length: tl.tensor, table_stride: tl.tensor,
    eps_q: tl.tensor, eps_k: tl.tensor,
    H: tl.constexpr, G: tl.constexpr, K: tl.constexpr, HALF: tl.constexpr,
    ROWS: tl.constexpr, UNSCALED: tl.constexpr, QUANTISE: tl.constexpr,
) -> None:  # fmt: skip
    # A row is one head of queries or keys; heads of a token lie side by side, its values behind.
    row = tl.program_id(0).to(tl.int64) * ROWS + tl.arange(0, ROWS)
    token = row // (H + G)
    head = row % (H + G)
    is_key = (head >= H)[:, None]
    i = tl.arange(0, HALF)
    live = (row < count)[:, None] & (i < K // 2)[None, :]
    source = x + ((token * (H + 2 * G) + head) * K)[:, None] + i[None, :]
    a = tl.load(source, mask=live, other=0.0).to(tl.float32)
    b = tl.load(source + K // 2, mask=live, other=0.0).to(tl.float32)

    if UNSCALED:
        column = columns + (head * K)[:, None] + i[None, :]
        a *= tl.load(column, mask=live, other=0.0, eviction_policy="evict_last")
        b *= tl.load(column + K // 2, mask=live, other=0.0, eviction_policy="evict_last")

    within = i < K // 2
    qa = tl.load(norm_q + i, mask=within, other=0.0).to(tl.float32)[None, :]
    qb = tl.load(norm_q + K // 2 + i, mask=within, other=0.0).to(tl.float32)[None, :]
    ka = tl.load(norm_k + i, mask=within, other=0.0).to(tl.float32)[None, :]
    kb = tl.load(norm_k + K // 2 + i, mask=within, other=0.0).to(tl.float32)[None, :]
    mean = (tl.sum(a * a, axis=1) + tl.sum(b * b, axis=1)) / K
    inverse = tl.rsqrt(mean + tl.where(head >= H, eps_k, eps_q))[:, None]
    a = a * inverse * tl.where(is_key, ka, qa)
    b = b * inverse * tl.where(is_key, kb, qb)

    place = (token % length + token // length * table_stride)[:, None] * (K // 2) + i[None, :]
    c = tl.load(cos + place, mask=live, other=0.0).to(tl.float32)
    s = tl.load(sin + place, mask=live, other=0.0).to(tl.float32)
    a, b = a * c - b * s, b * c + a * s

    if QUANTISE:
        bound_q = tl.maximum(tl.max(tl.maximum(tl.abs(qa), tl.abs(qb))) * (K**0.5), _SMALLEST)
        bound_k = tl.maximum(tl.max(tl.maximum(tl.abs(ka), tl.abs(kb))) * (K**0.5), _SMALLEST)
        if tl.program_id(0) == 0:
            tl.store(q_scale, bound_q / _MAX)
            tl.store(k_scale, bound_k / _MAX)
        inverse = tl.where(is_key, _MAX / bound_k, _MAX / bound_q)
        a = tl.minimum(tl.maximum(a * inverse, -_MAX), _MAX).to(q_out.dtype.element_ty)
        b = tl.minimum(tl.maximum(b * inverse, -_MAX), _MAX).to(q_out.dtype.element_ty)
        to_q = q_out + ((token * H + head) * K)[:, None] + i[None, :]
        to_k = k_out + ((token * G + head - H) * K)[:, None] + i[None, :]
        tl.store(to_q, a, mask=live & ~is_key)
        tl.store(to_q + K // 2, b, mask=live & ~is_key)
        tl.store(to_k, a, mask=live & is_key)
        tl.store(to_k + K // 2, b, mask=live & is_key)
    else:
        kind = x.dtype.element_ty
        tl.store(source, a.to(kind), mask=live)
        tl.store(source + K // 2, b.to(kind), mask=live)


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
    half = triton.next_power_of_2(K // 2)
    per_program = max(1, NUMBERS // (2 * half))
    count = B * L * (heads + kv_heads)
    _turn[(triton.cdiv(count, per_program),)](
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
        HALF=half,
        ROWS=per_program,
        UNSCALED=columns is not None,
        QUANTISE=quantise,
        num_warps=4,
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
