"""Each fused kernel by itself: time, bytes, and the share of the copy bandwidth.

A kernel is one entry of KERNELS: how to make inputs of the model's sizes, what to call, and how
many bytes have to be read and written whatever the code. The fused product and SwiGLU is measured
beside the two kernels that it replaces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from generator.bench.measure import Clock, Work
from generator.bench.roof import as_e4m3
from generator.config import AutoencoderConfig, TransformerConfig
from generator.ops import Norm, Unscaled
from generator.ops.picture import GroupNorm
from generator.ops.tiers import FUSED_ON

SETS = 6
"""Sets of inputs used in turn, so that none is left in a cache from its last use."""


@dataclass(frozen=True)
class Sizes:
    """What the inputs are made from."""

    transformer: TransformerConfig
    autoencoder: AutoencoderConfig
    tokens: int
    pixels: tuple[int, int]
    device: torch.device

    def rows(self, width: int, dtype: torch.dtype = torch.bfloat16) -> Tensor:
        """``[1, tokens, width]``."""
        return torch.randn((1, self.tokens, width), device=self.device, dtype=dtype)

    def norm(self, width: int) -> Norm:
        """The weight of an RMSNorm."""
        return Norm(torch.randn(width, device=self.device, dtype=torch.bfloat16), 1e-5)

    def row(self, width: int) -> Tensor:
        """``[1, 1, width]``."""
        return torch.randn((1, 1, width), device=self.device, dtype=torch.bfloat16)

    def picture(self) -> Tensor:
        """The narrowest and largest activation of the autoencoder, channels last."""
        shape = (1, self.autoencoder.block_out_channels[0], *self.pixels)
        picture = torch.randn(shape, device=self.device, dtype=torch.bfloat16)
        return picture.contiguous(memory_format=torch.channels_last)


@dataclass(frozen=True)
class Call:
    """A kernel with inputs, and the bytes it cannot do without."""

    work: Work
    nbytes: int


def norm_modulate(sizes: Sizes) -> Call:
    """Pre-norm, scale, e4m3: 2 bytes read, 1 written."""
    from generator.ops.kernels.norm import norm_modulate as kernel  # noqa: PLC0415

    D = sizes.transformer.hidden_size
    x, norm, scale = sizes.rows(D), sizes.norm(D), sizes.row(D)
    return Call(lambda: kernel(x, norm, scale, quantise=True), 3 * x.numel())


def residual_norm(sizes: Sizes) -> Call:
    """Post-norm, gate, residual, pre-norm, e4m3: 4 bytes read, 3 written."""
    from generator.ops.kernels.residual import residual_norm as kernel  # noqa: PLC0415

    D = sizes.transformer.hidden_size
    h, branch, norm, row = sizes.rows(D), sizes.rows(D), sizes.norm(D), sizes.row(D)
    work = lambda: kernel(h, branch, norm, row, norm, row, quantise=True)  # noqa: E731
    return Call(work, 7 * h.numel())


def gated_residual(sizes: Sizes) -> Call:
    """Post-norm, gate, residual: 4 bytes read, 2 written."""
    from generator.ops.kernels.residual import gated_residual as kernel  # noqa: PLC0415

    D = sizes.transformer.hidden_size
    h, branch, norm, row = sizes.rows(D), sizes.rows(D), sizes.norm(D), sizes.row(D)
    return Call(lambda: kernel(h, branch, norm, row), 6 * h.numel())


def swiglu(sizes: Sizes) -> Call:
    """Gated unit, e4m3: 4 bytes read, 1 written."""
    from generator.ops.kernels.swiglu import swiglu as kernel  # noqa: PLC0415

    M = sizes.transformer.intermediate_size
    x = sizes.rows(2 * M)
    return Call(lambda: kernel(x, quantise=True), 5 * sizes.tokens * M)


def swiglu_bare(sizes: Sizes) -> Call:
    """Gated unit of a product of bare weights: 4 bytes read, 2 written."""
    from generator.ops.kernels.swiglu import swiglu as kernel  # noqa: PLC0415

    M = sizes.transformer.intermediate_size
    scale = torch.rand(2 * M, device=sizes.device) + 0.5
    product = Unscaled(sizes.rows(2 * M), scale)
    return Call(lambda: kernel(product, quantise=False), 6 * sizes.tokens * M)


def norm_rotate(sizes: Sizes) -> Call:
    """Norm of queries and keys and their rotary embedding, in place: 2 bytes read, 2 written."""
    from generator.ops.kernels.heads import norm_rotate as kernel  # noqa: PLC0415

    H, K = sizes.transformer.num_attention_heads, sizes.transformer.attention_head_dim
    x, norm, table = sizes.rows(3 * H * K).view(1, -1, 3 * H, K), sizes.norm(K), sizes.rows(K)
    cos, sin = table[..., : K // 2].contiguous(), table[..., K // 2 :].contiguous()
    work = lambda: kernel(x, H, H, norm, norm, cos, sin, quantise=False)  # noqa: E731
    return Call(work, 4 * 2 * sizes.tokens * H * K)


def quantise(sizes: Sizes) -> Call:
    """Rounding a row to e4m3: 2 bytes read, 1 written."""
    from generator.ops.kernels.quantise import per_row as kernel  # noqa: PLC0415

    x = sizes.rows(sizes.transformer.hidden_size)
    return Call(lambda: kernel(x), 3 * x.numel())


def picture_statistics(sizes: Sizes) -> Call:
    """The statistics of a group norm: 2 bytes read."""
    from generator.ops.picture.fused import norm_affine as kernel  # noqa: PLC0415

    x = sizes.picture()
    norm = _group_norm(sizes, x)
    return Call(lambda: kernel(x, None, norm), 2 * x.numel())


def picture_apply(sizes: Sizes) -> Call:
    """A group norm whose statistics are known, and SiLU: 2 bytes read, 2 written."""
    from generator.ops.picture.fused import apply, norm_affine  # noqa: PLC0415

    x = sizes.picture()
    affine = norm_affine(x, None, _group_norm(sizes, x))
    return Call(lambda: apply(x, affine), 4 * x.numel())


def picture_residual(sizes: Sizes) -> Call:
    """Residual sum and the bias of a convolution: 4 bytes read, 2 written."""
    from generator.ops.picture.fused import add_branch as kernel  # noqa: PLC0415

    x, branch = sizes.picture(), sizes.picture()
    offset = torch.randn(x.shape[1], device=x.device, dtype=x.dtype)
    return Call(lambda: kernel(x, branch, offset), 6 * x.numel())


def _group_norm(sizes: Sizes, x: Tensor) -> GroupNorm:
    weight = torch.randn(x.shape[1], device=x.device, dtype=x.dtype)
    return GroupNorm(weight, weight, sizes.autoencoder.norm_num_groups, 1e-6)


KERNELS: dict[str, Callable[[Sizes], Call]] = {
    kernel.__name__: kernel
    for kernel in (
        norm_modulate,
        residual_norm,
        gated_residual,
        norm_rotate,
        swiglu,
        swiglu_bare,
        quantise,
        picture_statistics,
        picture_apply,
        picture_residual,
    )
}


def fuses(sizes: Sizes) -> bool:
    """Whether the engine computes this product and SwiGLU in one kernel here."""
    from generator.ops.gated import FUSED_FROM  # noqa: PLC0415

    if sizes.device.type != "cuda" or sizes.tokens < FUSED_FROM:
        return False
    return torch.cuda.get_device_capability(sizes.device)[0] == FUSED_ON


def measure_gated(clock: Clock, sizes: Sizes) -> Iterator[tuple[str, dict[str, float]]]:
    """Microseconds of w1 and w3 with SwiGLU, sustained: in two kernels, and fused into one.

    By kind of weight: ``bare``, as decoded ahead, and ``e4m3``, where rounding is a kernel more.
    """
    from generator.ops.gated import unfused  # noqa: PLC0415
    from generator.ops.kernels.gated import gated_product  # noqa: PLC0415
    from generator.ops.kernels.quantise import per_row  # noqa: PLC0415
    from generator.ops.scaled import faithful_linear, scaled_linear  # noqa: PLC0415

    config, device = sizes.transformer, sizes.device
    x = sizes.rows(config.hidden_size)
    rounded = per_row(x)
    shape = (2 * config.intermediate_size, config.hidden_size)
    stored = as_e4m3(torch.randn(shape, device=device, dtype=x.dtype))
    bare, scale = stored.to(x.dtype), torch.rand(shape[0], device=device) * 1e-3
    works: dict[str, tuple[Work, Work]] = {
        "bare": (
            lambda: unfused(x, bare, scale, linear=faithful_linear, quantise=False),
            lambda: gated_product(x, bare, None, scale, x.dtype),
        ),
        "e4m3": (
            lambda: unfused(rounded, stored, scale, linear=scaled_linear, quantise=True),
            lambda: per_row(gated_product(rounded.data, stored, rounded.scale, scale, x.dtype)),
        ),
    }
    for kind, (two, one) in works.items():
        yield kind, {"two_us": 1e3 * clock.sustained(two), "one_us": 1e3 * clock.sustained(one)}


def measure_kernel(clock: Clock, name: str, sizes: Sizes, bandwidth: float) -> dict[str, float]:
    """Microseconds, megabytes and the share of ``bandwidth``, which is in TB/s."""
    calls = [KERNELS[name](sizes) for _ in range(SETS)]
    milliseconds = clock.kernel([call.work for call in calls])
    nbytes = calls[0].nbytes
    return {
        "us": 1e3 * milliseconds,
        "mb": nbytes / 1e6,
        "share": nbytes / milliseconds / 1e9 / bandwidth,
    }
