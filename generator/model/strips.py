"""Layers of a picture some rows at a time, where the memory for all of it at once is not there.

Shape legend: B batch, C channels, H W rows and columns.

Nothing is approximated: a strip brings the one row on each side that a 3 x 3 convolution sees, and
the statistics of norms are those of the whole picture.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from generator.ops.picture import GroupNorm, PictureOps


def norm_parameters(norm: nn.GroupNorm) -> GroupNorm:
    """A module's norm as the primitives take it."""
    return GroupNorm(norm.weight, norm.bias, norm.num_groups, norm.eps)


def conv_of_norm(
    ops: PictureOps,
    x_BCHW: Tensor,
    offset_C: Tensor | None,
    norm: nn.GroupNorm,
    conv: nn.Conv2d,
    limit: int | None,
    *,
    into_x: bool = False,
) -> Tensor:
    """``conv(silu(norm(x + offset)))`` without the bias of ``conv``, a 3 x 3 convolution.

    ``limit`` is the most numbers of ``x`` that are worked on at a time. ``into_x`` allows the
    result, where it is made in strips, to take the place of ``x``.
    """
    affine = ops.norm_affine(x_BCHW, offset_C, norm_parameters(norm))

    def layer(strip_BCHW: Tensor) -> Tensor:
        return F.conv2d(ops.apply(strip_BCHW, affine), conv.weight, padding=1)

    rows = rows_within(x_BCHW, limit)
    if rows is None:
        return layer(x_BCHW)
    out = x_BCHW if into_x else _empty(x_BCHW, conv.out_channels, 1)
    return by_strips(layer, x_BCHW, out, rows)


def doubled(ops: PictureOps, x_BCHW: Tensor, conv: nn.Conv2d, limit: int | None) -> Tensor:
    """Nearest-neighbour doubling, then ``conv``, a 3 x 3 convolution with a bias."""

    def layer(strip_BCHW: Tensor) -> Tensor:
        return ops.double(strip_BCHW, conv.weight, bias_of(conv))

    # The result and the products before it are four times as large as what goes in.
    rows = rows_within(x_BCHW, limit, growth=4)
    if rows is None:
        return layer(x_BCHW)
    return by_strips(layer, x_BCHW, _empty(x_BCHW, conv.out_channels, 2), rows, scale=2)


def added(
    ops: PictureOps,
    x_BCHW: Tensor,
    branch_BCHW: Tensor,
    shortcut: nn.Conv2d | None,
    conv: nn.Conv2d,
    limit: int | None,
) -> Tensor:
    """``shortcut(x) + branch`` and the bias of ``conv``; ``branch`` may be written over."""
    offset_C = bias_of(conv)
    rows = None if shortcut is None else rows_within(x_BCHW, limit)
    if rows is None:
        skip_BCHW = x_BCHW if shortcut is None else shortcut(x_BCHW)
        return ops.add_branch(skip_BCHW, branch_BCHW, offset_C)
    for top in range(0, x_BCHW.shape[2], rows):
        own = slice(top, top + rows)
        skip_BCHW = x_BCHW[:, :, own] if shortcut is None else shortcut(x_BCHW[:, :, own])
        branch_BCHW[:, :, own] = ops.add_branch(skip_BCHW, branch_BCHW[:, :, own], offset_C)
    return branch_BCHW


def by_strips(
    layer: Callable[[Tensor], Tensor], x_BCHW: Tensor, out: Tensor, rows: int, *, scale: int = 1
) -> Tensor:
    """``layer(x)`` into ``out``, which may be ``x``, for a layer that sees one row to each side.

    ``scale`` is the rows of the result to one row of ``x``.
    """
    H = x_BCHW.shape[2]
    above: list[Tensor] = []
    for top in range(0, H, rows):
        bottom = min(top + rows, H)
        strip = torch.cat((*above, x_BCHW[:, :, top : bottom + 1]), dim=2)
        above = [x_BCHW[:, :, bottom - 1 : bottom].clone()]
        # At a cut the layer pads where there is a neighbour; those rows are other strips' own.
        first = scale if top else 0
        own = layer(strip)[:, :, first : first + scale * (bottom - top)]
        out[:, :, scale * top : scale * bottom] = own
    return out


def rows_within(x_BCHW: Tensor, limit: int | None, *, growth: int = 1) -> int | None:
    """How many rows of ``x`` hold ``limit`` numbers; None where all of them do."""
    B, C, H, W = x_BCHW.shape
    if limit is None or B * C * H * W * growth <= limit:
        return None
    return max(1, limit // (B * C * W * growth))


def _empty(like_BCHW: Tensor, channels: int, scale: int) -> Tensor:
    """Room for a result, in the order of numbers that ``like`` has."""
    B, _, H, W = like_BCHW.shape
    if like_BCHW.is_contiguous(memory_format=torch.channels_last):
        return like_BCHW.new_empty((B, scale * H, scale * W, channels)).permute(0, 3, 1, 2)
    return like_BCHW.new_empty((B, channels, scale * H, scale * W))


def bias_of(conv: nn.Conv2d) -> Tensor:
    """The bias that every convolution of the autoencoder has."""
    if conv.bias is None:
        raise ValueError("the convolution was built without a bias")
    return conv.bias
