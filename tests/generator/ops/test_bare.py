"""A network with bare weights and the kernels of the faithful tier, as GPUs before Hopper run it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import torch
from torch import Tensor

from generator.checkpoint import Placing, open_checkpoint
from generator.denoise import make_branch
from generator.ops import REFERENCE, Ops
from generator.packing import pack
from generator.parity import numerics
from generator.testing import SMALL

pytest.importorskip("triton", reason="the kernels are Triton's")

from generator.ops.gated import unfused
from generator.ops.kernels.heads import norm_rotate
from generator.ops.kernels.norm import norm_modulate
from generator.ops.kernels.residual import gated_residual, residual_norm
from generator.ops.scaled import faithful_linear

FUSED = replace(
    REFERENCE,
    linear=faithful_linear,
    norm_modulate=partial(norm_modulate, quantise=False),
    gated_residual=gated_residual,
    residual_norm=partial(residual_norm, quantise=False),
    norm_rotate=partial(norm_rotate, quantise=False),
    gated_linear=partial(unfused, linear=faithful_linear, quantise=False),
)


@torch.inference_mode()
def computed(folder: Path, device: torch.device, ops: Ops, *, decoded: bool) -> list[Tensor]:
    """A velocity and a text's features, in fp32."""
    placing = Placing(decoded=decoded)
    networks = open_checkpoint(folder).load(device, torch.float32, ops, placing)
    noise = torch.Generator().manual_seed(5)
    z = torch.randn(1, 12, SMALL.transformer.in_channels, generator=noise).to(device)
    ids = torch.arange(7, device=device)[None]
    features: Tensor = networks.text_encoder(ids)
    branch = make_branch(
        networks.transformer,
        networks.transformer.project_text(features),
        pack(range(7), (3, 4), device).positions_L3,
        (0.25,),
        numerics("recommended"),
    )
    return [branch.velocity(z, 0), features]


def test_fused_primitives_scale_the_products_of_bare_weights(
    small_checkpoint: Path, device: torch.device
) -> None:
    expected = computed(small_checkpoint, device, REFERENCE, decoded=False)
    for ours, plain in zip(
        computed(small_checkpoint, device, FUSED, decoded=True), expected, strict=True
    ):
        assert (ours - plain).norm() < 1e-5 * plain.norm()
