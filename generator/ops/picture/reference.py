"""The autoencoder's primitives in plain torch: the specification of the faster forms.

Shape legend: B batch, C channels, H W rows and columns.

A convolution is called without its bias, which torch would add in a pass of its own; the primitive
that reads its result next takes the bias as ``offset_C`` instead.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

CHUNK = 1 << 24
"""Numbers that are held in fp32 at a time while statistics are taken."""


@dataclass(frozen=True)
class GroupNorm:
    """A group normalisation: weights, groups and epsilon."""

    weight_C: Tensor
    bias_C: Tensor
    groups: int
    eps: float


@dataclass(frozen=True)
class Affine:
    """One multiplication and one addition per channel, fp32: a norm whose statistics are known."""

    scale_BC: Tensor
    shift_BC: Tensor


def norm_affine(x_BCHW: Tensor, offset_C: Tensor | None, norm: GroupNorm) -> Affine:
    """What ``norm`` does to ``x + offset``, given as what it does to ``x``.

    The statistics are those of the whole picture, in fp32, so that the result can be applied to
    any part of it.
    """
    mean_BC, var_BC = _moments(x_BCHW)
    if offset_C is not None:
        mean_BC = mean_BC + offset_C.float()
    B, C = mean_BC.shape
    grouped = (B, norm.groups, C // norm.groups)
    mean_BGK, var_BGK = mean_BC.reshape(grouped), var_BC.reshape(grouped)
    mean_BG1 = mean_BGK.mean(-1, keepdim=True)
    var_BG1 = (var_BGK + (mean_BGK - mean_BG1).square()).mean(-1, keepdim=True)
    rstd_BC = (var_BG1 + norm.eps).rsqrt().expand(grouped).reshape(B, C)
    scale_BC = norm.weight_C.float() * rstd_BC
    shift_BC = norm.bias_C.float() - mean_BG1.expand(grouped).reshape(B, C) * scale_BC
    if offset_C is not None:
        shift_BC = shift_BC + offset_C.float() * scale_BC
    return Affine(scale_BC, shift_BC)


def apply(x_BCHW: Tensor, affine: Affine, *, silu: bool = True) -> Tensor:
    """``x * scale + shift``, then SiLU, in fp32; the result in the dtype of ``x``."""
    y = x_BCHW * affine.scale_BC[:, :, None, None] + affine.shift_BC[:, :, None, None]
    return (F.silu(y) if silu else y).to(x_BCHW.dtype)


def add_branch(x_BCHW: Tensor, branch_BCHW: Tensor, offset_C: Tensor) -> Tensor:
    """``x + branch + offset``. A faster form may put the result into ``branch``."""
    return x_BCHW + (branch_BCHW + offset_C[:, None, None])


def double(x_BCHW: Tensor, weight_OC33: Tensor, bias_O: Tensor) -> Tensor:
    """Nearest-neighbour doubling, then a 3 x 3 convolution."""
    return F.conv2d(F.interpolate(x_BCHW, scale_factor=2.0), weight_OC33, bias_O, padding=1)


def attention(q_BIC: Tensor, k_BIC: Tensor, v_BIC: Tensor) -> Tensor:
    """Softmax attention of one head over all pixels, scale ``C ** -0.5``."""
    q, k, v = q_BIC[:, None], k_BIC[:, None], v_BIC[:, None]
    return F.scaled_dot_product_attention(q, k, v)[:, 0]


def _moments(x_BCHW: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and population variance of each channel, ``[B, C]`` in fp32, over rows at a time."""
    B, C, H, W = x_BCHW.shape
    chunks = torch.split(x_BCHW, max(1, CHUNK // (B * C * W)), dim=2)
    moments = [torch.var_mean(chunk.float(), dim=(2, 3), correction=0) for chunk in chunks]
    share_N = torch.tensor([chunk.shape[2] / H for chunk in chunks], device=x_BCHW.device)
    var_NBC = torch.stack([var for var, _ in moments])
    mean_NBC = torch.stack([mean for _, mean in moments])
    mean_BC = torch.einsum("n,nbc->bc", share_N, mean_NBC)
    spread_NBC = var_NBC + (mean_NBC - mean_BC).square()
    return mean_BC, torch.einsum("n,nbc->bc", share_N, spread_NBC)
