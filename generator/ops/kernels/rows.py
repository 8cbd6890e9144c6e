"""A row held in registers, and what every row kernel does with it.

Blocks of Triton are powers of two and widths of networks are not: 4608 in one block of 8192 would
idle 44 % of the lanes. A row is therefore held as two spans, ``A`` the largest power of two in it
and ``B`` the smallest that covers the rest (4096 + 512, 8192 + 4096).
"""

from __future__ import annotations

import triton
import triton.language as tl
from torch import Tensor

from generator.ops.kinds import E4M3_MAX, Product, Unscaled
from generator.ops.quantise import SMALLEST_AMAX

_MAX: tl.constexpr = tl.constexpr(E4M3_MAX)
_SMALLEST: tl.constexpr = tl.constexpr(SMALLEST_AMAX)


def spans(width: int) -> tuple[int, int]:
    """The two spans of a row; the second is masked where it reaches beyond the row."""
    first = 1 << (width.bit_length() - 1)
    rest = width - first
    return (first, _power_above(rest)) if rest else (first // 2, first // 2)


def warps(width: int) -> int:
    """Warps for a row: about 36 numbers a thread, which leaves registers for three such rows."""
    return min(16, _power_above(width // 2048 + 1))


def _power_above(number: int) -> int:
    return 1 << (number - 1).bit_length()


def rows(x: Tensor) -> Tensor:
    """``x`` as a matrix of its rows, without a copy where it lies in order."""
    return x.reshape(-1, x.shape[-1])


def parts(product: Product) -> tuple[Tensor, Tensor | None]:
    """The numbers of a product and the scales that its columns still want, if any."""
    return (product.data, product.scale) if isinstance(product, Unscaled) else (product, None)


@triton.jit
def load_row(
    ptr: tl.tensor, D: tl.constexpr, A: tl.constexpr, B: tl.constexpr
) -> tuple[tl.tensor, tl.tensor]:
    """A row in fp32; zeros beyond its end."""
    i = tl.arange(0, A)
    j = A + tl.arange(0, B)
    a = tl.load(ptr + i).to(tl.float32)
    b = tl.load(ptr + j, mask=j < D, other=0.0).to(tl.float32)
    return a, b


@triton.jit
def load_columns(
    ptr: tl.tensor, D: tl.constexpr, A: tl.constexpr, B: tl.constexpr
) -> tuple[tl.tensor, tl.tensor]:
    """The scales of columns in fp32: as large as the row itself, but the same for all rows, so
    that the nearest cache should keep them and not the rows that pass through."""
    i = tl.arange(0, A)
    j = A + tl.arange(0, B)
    a = tl.load(ptr + i, eviction_policy="evict_last").to(tl.float32)
    b = tl.load(ptr + j, mask=j < D, other=0.0, eviction_policy="evict_last").to(tl.float32)
    return a, b


@triton.jit
def store_row(
    ptr: tl.tensor, a: tl.tensor, b: tl.tensor, D: tl.constexpr, A: tl.constexpr, B: tl.constexpr
) -> None:
    """Round a row to the type of the destination and store it."""
    i = tl.arange(0, A)
    j = A + tl.arange(0, B)
    kind = ptr.dtype.element_ty
    tl.store(ptr + i, a.to(kind))
    tl.store(ptr + j, b.to(kind), mask=j < D)


@triton.jit
def inverse_rms(a: tl.tensor, b: tl.tensor, eps: tl.tensor, D: tl.constexpr) -> tl.tensor:
    """``1 / sqrt(mean(row ** 2) + eps)``."""
    return tl.rsqrt((tl.sum(a * a, axis=0) + tl.sum(b * b, axis=0)) / D + eps)


@triton.jit
def finish_row(
    out: tl.tensor, out_scale: tl.tensor, row: tl.tensor, a: tl.tensor, b: tl.tensor,
    D: tl.constexpr, A: tl.constexpr, B: tl.constexpr, QUANTISE: tl.constexpr,
) -> None:  # fmt: skip
    """Store a row as it is, or as e4m3 with its scale beside it."""
    if QUANTISE:
        amax = tl.maximum(tl.max(tl.abs(a), axis=0), tl.max(tl.abs(b), axis=0))
        scale = tl.maximum(amax, _SMALLEST) / _MAX
        tl.store(out_scale + row, scale)
        inverse = 1.0 / scale
        a = tl.minimum(tl.maximum(a * inverse, -_MAX), _MAX)
        b = tl.minimum(tl.maximum(b * inverse, -_MAX), _MAX)
    store_row(out + row * D, a, b, D, A, B)
