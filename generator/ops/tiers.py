"""Which primitives a device gets, and why."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import torch

from generator.ops import REFERENCE, Ops, quantise, reference
from generator.ops.kinds import Tier
from generator.ops.support import obstacle

_PLAIN_FAST = replace(
    REFERENCE,
    tier=Tier.FAST,
    reason="plain torch that rounds as the fast tier does",
    linear=quantise.linear,
    norm_modulate=quantise.norm_modulate,
    residual_norm=quantise.residual_norm,
    gated_linear=quantise.gated_linear,
    first_mlp=replace(
        REFERENCE,
        tier=Tier.FAST,
        reason="plain torch that leaves the input of a second product as it is",
        gated_linear=quantise.unrounded_gated_linear,
    ),
)
_PLAIN_MAX = replace(
    _PLAIN_FAST,
    tier=Tier.MAX,
    reason="plain torch that rounds as the max tier does",
    norm_rotate=quantise.norm_rotate,
    text=_PLAIN_FAST,
)
PLAIN = {Tier.FAITHFUL: REFERENCE, Tier.FAST: _PLAIN_FAST, Tier.MAX: _PLAIN_MAX}
"""Every tier in plain torch: for any device, slow, to compare with."""

FP8_SINCE = (8, 9)
"""Compute capability of the first GPUs that multiply e4m3."""
FLASH3_ON = 9
"""Major compute capability that FlashAttention-3 is written for."""
FUSED_ON = 9
"""Major compute capability on which a product that ends in SwiGLU was measured to be faster so."""


def choose(device: torch.device, dtype: torch.dtype, tier: Tier | None) -> Ops:
    """See ``generator.ops.resolve``."""
    if (why := obstacle(device)) is not None:
        asked = "" if tier in {None, Tier.FAITHFUL} else f"; the tier {tier} needs a GPU with e4m3"
        return replace(REFERENCE, reason=f"plain torch: {why}{asked}")
    capability = torch.cuda.get_device_capability(device)
    got, reason = _possible(torch.cuda.get_device_name(device), capability, dtype, tier)
    return replace(_fused(got, capability), reason=reason)


def _possible(
    name: str, capability: tuple[int, int], dtype: torch.dtype, tier: Tier | None
) -> tuple[Tier, str]:
    """The tier that is nearest to what was asked."""
    if tier is Tier.FAITHFUL:
        return tier, "fused kernels, bf16 products, as asked"
    if capability < FP8_SINCE:
        return Tier.FAITHFUL, f"fused kernels, bf16 products: {name} has no e4m3 arithmetic"
    if dtype is not torch.bfloat16:
        return Tier.FAITHFUL, f"fused kernels, {dtype} products: e4m3 ones give bfloat16 only"
    if tier is not Tier.MAX:
        return Tier.FAST, f"fused kernels, e4m3 products on {name}"
    if not _has_flash3(capability[0]):
        return (
            Tier.FAST,
            "fused kernels, e4m3 products; e4m3 attention needs Hopper and `pip install fa3-fwd`",
        )
    return tier, f"fused kernels, e4m3 products and attention on {name}"


def _has_flash3(major: int) -> bool:
    from generator.ops.attention import has_flash3  # noqa: PLC0415

    return major == FLASH3_ON and has_flash3()


def _fused(tier: Tier, capability: tuple[int, int]) -> Ops:
    """The kernels of a tier. Imports triton."""
    from generator.ops.attention import best, cudnn  # noqa: PLC0415
    from generator.ops.gated import GatedLinear, fused, unfused  # noqa: PLC0415
    from generator.ops.kernels.heads import norm_rotate  # noqa: PLC0415
    from generator.ops.kernels.norm import norm_modulate  # noqa: PLC0415
    from generator.ops.kernels.residual import gated_residual, residual_norm  # noqa: PLC0415
    from generator.ops.scaled import faithful_linear, scaled_linear  # noqa: PLC0415

    quantise = tier is not Tier.FAITHFUL
    # Triton reads e4m3 only on GPUs that multiply it; torch decodes it on any.
    faithful = faithful_linear if capability >= FP8_SINCE else reference.linear
    linear = scaled_linear if quantise else faithful

    def gated(*, rounds: bool) -> GatedLinear:
        two = partial(unfused, linear=linear, quantise=rounds)
        one = partial(fused, quantise=rounds, otherwise=two)
        return one if capability[0] == FUSED_ON else two

    ops = Ops(
        tier=tier,
        reason="",
        linear=linear,
        norm_modulate=partial(norm_modulate, quantise=quantise),
        gated_residual=gated_residual,
        residual_norm=partial(residual_norm, quantise=quantise),
        norm_rotate=partial(norm_rotate, quantise=tier is Tier.MAX),
        gated_linear=gated(rounds=quantise),
        attention=best if _has_flash3(capability[0]) else cudnn,
        # A prompt is read once and steers every step: its attention stays bf16.
        text=_fused(Tier.FAST, capability) if tier is Tier.MAX else None,
    )
    if not quantise:
        return ops
    first_mlp = replace(ops, linear=faithful_linear, gated_linear=gated(rounds=False))
    return replace(ops, first_mlp=first_mlp)
