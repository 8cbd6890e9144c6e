"""``gated_linear``: the product of packed gates and ups and SwiGLU, without the product in memory.

A tile of the product is made of the gates and the ups of the same columns, so that its end is
that of the primitive: 2 bytes written per result, where a product by itself writes 4 that SwiGLU
reads again. As fast as cuBLAS in its products, on Hopper: see PERFORMANCE.md.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor
from triton.tools.tensor_descriptor import TensorDescriptor

from generator.ops.kernels.device import multiprocessors
from generator.ops.kernels.rows import rows

TILE = (128, 128)
"""Rows and columns of a tile of results; the tile of the product has twice the columns."""
DEPTH_BYTES = 128
"""Bytes of a row that a turn of the inner loop takes: what shared memory is swizzled by."""
STAGES = 4
"""Turns whose tiles are in shared memory at once, 48 KiB each."""
WARPS = 8
GROUP = 24
"""Most tiles of rows that go through the columns together: both inputs stay in the cache then."""


@triton.jit
def _gated(
    x: tl.tensor_descriptor, weight: tl.tensor_descriptor, out: tl.tensor_descriptor,
    row_scale: tl.tensor, column_scale: tl.tensor,
    height: tl.tensor, grouped: tl.tensor,
    D: tl.constexpr, K: tl.constexpr,
    ROWS: tl.constexpr, COLUMNS: tl.constexpr, DEPTH: tl.constexpr,
    ROWS_SCALED: tl.constexpr, COLUMNS_SCALED: tl.constexpr,
) -> None:  # fmt: skip
    down = tl.cdiv(height, ROWS)
    across = tl.cdiv(D, COLUMNS)
    # Flattened, the loads of a tile begin while the one before it ends.
    for tile in tl.range(tl.program_id(0), down * across, tl.num_programs(0), flatten=True):
        first = tile // (grouped * across) * grouped
        within = tile % (grouped * across)
        group = tl.minimum(down - first, grouped)
        row = (first + within % group) * ROWS
        column = within // group * COLUMNS

        product = tl.zeros((ROWS, 2 * COLUMNS), dtype=tl.float32)
        for k in range(0, K, DEPTH):
            a = x.load([row, k])
            b = tl.reshape(weight.load([0, column, k]), (2 * COLUMNS, DEPTH))
            product = tl.dot(a, b.T, product)

        sides = tl.permute(tl.reshape(product, (ROWS, 2, COLUMNS)), (0, 2, 1))
        gate, up = tl.split(sides)
        # Scales beyond the end are read at the end, since masks would take 80 registers a thread;
        # what comes of them is not stored.
        if COLUMNS_SCALED:
            j = tl.minimum(column + tl.arange(0, COLUMNS), D - 1)
            gate *= tl.load(column_scale + j)[None, :]
            up *= tl.load(column_scale + D + j)[None, :]
        if ROWS_SCALED:
            i = tl.minimum(row + tl.arange(0, ROWS), height - 1)
            s = tl.load(row_scale + i)[:, None]
            gate *= s
            up *= s
        result = gate / (1.0 + tl.exp(-gate)) * up
        out.store([row, column], result.to(out.dtype))


def takes(x: Tensor, weight_OF: Tensor) -> bool:
    """Whether the kernel can read these and write what comes of them.

    Both are of one type of at most 2 bytes, lie in order, and begin and go on in steps of 16 bytes;
    so do the rows of the result.
    """
    size = weight_OF.element_size()
    steps = weight_OF.shape[0] % 16 == 0 and weight_OF.shape[1] * size % 16 == 0
    ordered = all(t.is_contiguous() and t.data_ptr() % 16 == 0 for t in (x, weight_OF))
    return x.dtype is weight_OF.dtype and size <= 2 and steps and ordered


def gated_product(
    x: Tensor,
    weight_OF: Tensor,
    row_scale: Tensor | None,
    column_scale_O: Tensor | None,
    dtype: torch.dtype,
) -> Tensor:
    """SwiGLU of ``x @ weight.T`` and both scales in fp32, ``[..., O / 2]`` in ``dtype``.

    ``x`` and the weight are of one type that the kernel ``takes``; ``row_scale`` is one fp32 number
    for each row of ``x``.
    """
    matrix = rows(x)
    (height, K), D = matrix.shape, weight_OF.shape[0] // 2
    out = torch.empty((height, D), dtype=dtype, device=x.device)
    depth = DEPTH_BYTES // weight_OF.element_size()
    down, across = triton.cdiv(height, TILE[0]), triton.cdiv(D, TILE[1])
    _gated[(min(down * across, multiprocessors(x.device)),)](
        TensorDescriptor.from_tensor(matrix, [TILE[0], depth]),
        TensorDescriptor.from_tensor(weight_OF.view(2, D, K), [2, TILE[1], depth]),
        TensorDescriptor.from_tensor(out, list(TILE)),
        out if row_scale is None else row_scale,
        out if column_scale_O is None else column_scale_O,
        height,
        triton.cdiv(down, triton.cdiv(down, GROUP)),
        D=D,
        K=K,
        ROWS=TILE[0],
        COLUMNS=TILE[1],
        DEPTH=depth,
        ROWS_SCALED=row_scale is not None,
        COLUMNS_SCALED=column_scale_O is not None,
        num_warps=WARPS,
        num_stages=STAGES,
    )
    return out.view(*x.shape[:-1], D)
