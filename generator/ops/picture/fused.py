"""The autoencoder's primitives through the Triton kernels, with the signatures of ``reference``.

Shape legend: B batch, C channels, H W rows and columns, P programs that share a picture.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
import triton
from torch import Tensor

from generator.ops.picture import kernels
from generator.ops.picture.reference import Affine, GroupNorm

TILE = 4096
"""Numbers that a program holds at a time: 32 a thread."""

MAX_SHARES = 1024
"""Most programs that take the statistics of one picture: 8 to a processor of a large GPU."""

SCORES = 1 << 27
"""Attention scores that are held at a time: 256 MB in bf16."""


def norm_affine(x_BCHW: Tensor, offset_C: Tensor | None, norm: GroupNorm) -> Affine:
    """See ``reference.norm_affine``."""
    x = _channels_last(x_BCHW)
    B, C, H, W = x.shape
    block_r, block_c = _tile(C)
    # A power of two, which is compiled in: few different ones, whatever the size of a picture.
    share = max(block_r, triton.next_power_of_2(triton.cdiv(H * W, MAX_SHARES)))
    programs = triton.cdiv(H * W, share)
    partial_BP2C = x.new_empty((B, programs, 2, C), dtype=torch.float32)
    scale_BC = x.new_empty((B, C), dtype=torch.float32)
    shift_BC = torch.empty_like(scale_BC)
    kernels.moments_kernel[(programs, B)](
        x, partial_BP2C, H * W, x.stride(0), C, share, block_r, block_c
    )
    group, most = C // norm.groups, triton.next_power_of_2(programs)
    kernels.affine_kernel[(norm.groups, B)](
        partial_BP2C,
        partial_BP2C if offset_C is None else offset_C,
        norm.weight_C,
        norm.bias_C,
        scale_BC,
        shift_BC,
        H * W,
        programs,
        norm.eps,
        C,
        group,
        offset_C is not None,
        share,
        most,
        BLOCK_P=min(256, most),
        BLOCK_K=triton.next_power_of_2(group),
    )
    return Affine(scale_BC, shift_BC)


def apply(x_BCHW: Tensor, affine: Affine, *, silu: bool = True) -> Tensor:
    """See ``reference.apply``."""
    x = _channels_last(x_BCHW)
    B, C, H, W = x.shape
    out = torch.empty_like(x, memory_format=torch.channels_last)
    block_r, block_c = _tile(C)
    kernels.apply_kernel[(triton.cdiv(H * W, block_r), B)](
        x, affine.scale_BC, affine.shift_BC, out, H * W, x.stride(0), C, silu, block_r, block_c
    )
    return out


def add_branch(x_BCHW: Tensor, branch_BCHW: Tensor, offset_C: Tensor) -> Tensor:
    """See ``reference.add_branch``; the result is in ``branch_BCHW``."""
    x, branch = _channels_last(x_BCHW), _channels_last(branch_BCHW)
    B, C, H, W = x.shape
    block_r, block_c = _tile(C)
    kernels.add_branch_kernel[(triton.cdiv(H * W, block_r), B)](
        x, branch, offset_C, H * W, x.stride(0), branch.stride(0), C, block_r, block_c
    )
    return branch


def double(x_BCHW: Tensor, weight_OC33: Tensor, bias_O: Tensor) -> Tensor:
    """See ``reference.double``.

    A doubled picture holds each pixel four times, so each of the four phases of the result is a
    2 x 2 convolution of the picture before it: 16 products a pixel instead of 36. The weights of
    a phase are sums of the given ones, rounded to their dtype once more.
    """
    H, W = x_BCHW.shape[2:]
    weight = phase_weights(weight_OC33).contiguous(memory_format=torch.channels_last)
    phases = _channels_last(F.conv2d(_channels_last(x_BCHW), weight, padding=1))
    B, C = len(x_BCHW), len(bias_O)
    out = phases.new_empty((B, 2 * H, 2 * W, C)).permute(0, 3, 1, 2)
    block_r, block_c = _tile(C)
    kernels.interleave_kernel[(triton.cdiv(4 * H * W, block_r), B)](
        phases, bias_O, out, H, W, out.stride(0), C, block_r, block_c
    )
    return out


def phase_weights(weight_OC33: Tensor) -> Tensor:
    """The four 2 x 2 kernels of a doubling and a 3 x 3 convolution, ``[4 * O, C, 2, 2]``.

    Rows of phase 0 see the pixel above once and their own twice; of phase 1 the reverse.
    """
    weight_OC2323 = _phases(_phases(weight_OC33.float(), 2), 4)
    return weight_OC2323.permute(2, 4, 0, 1, 3, 5).flatten(0, 2).to(weight_OC33.dtype)


def _phases(weight: Tensor, dim: int) -> Tensor:
    """Three taps along ``dim`` as two phases of two taps each, in two dimensions in its place."""
    a, b, c = weight.unbind(dim)
    return torch.stack((torch.stack((a, b + c), dim), torch.stack((a + b, c), dim)), dim)


def attention(q_BIC: Tensor, k_BIC: Tensor, v_BIC: Tensor) -> Tensor:
    """See ``reference.attention``; rows of scores at a time, as plain matrix products.

    No fast attention kernel of torch takes heads of 512 channels, and the matrix units are ahead
    of the general one although the scores pass through memory.
    """
    B, L, C = q_BIC.shape
    keys_BCI, zero = k_BIC.transpose(1, 2), q_BIC.new_zeros(1)
    out = []
    for q in torch.split(q_BIC, max(1, SCORES // (B * L)), dim=1):
        scores = torch.baddbmm(zero, q, keys_BCI, beta=0, alpha=C**-0.5)
        out.append(scores.softmax(-1) @ v_BIC)
    return torch.cat(out, dim=1)


def _channels_last(x_BCHW: Tensor) -> Tensor:
    """``x`` with the channels of a pixel side by side and pixels without gaps."""
    if x_BCHW[0].permute(1, 2, 0).is_contiguous():
        return x_BCHW
    return x_BCHW.contiguous(memory_format=torch.channels_last)


def _tile(channels: int) -> tuple[int, int]:
    """Pixels and channels, both powers of two, that a program holds at a time."""
    block_c = triton.next_power_of_2(channels)
    return max(1, TILE // block_c), block_c
