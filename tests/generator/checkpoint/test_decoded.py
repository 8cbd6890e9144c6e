"""Weights decoded ahead: what is bare and what is not, and that the networks compute the same."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from generator.bench.networks import in_fp32
from generator.checkpoint import Networks, Placing, open_checkpoint
from generator.denoise import make_branch
from generator.model.layers import Linear
from generator.model.transformer import Transformer
from generator.ops import reference
from generator.packing import pack
from generator.parity import numerics
from generator.testing import SMALL

CPU = torch.device("cpu")
HALF = torch.bfloat16
DRAWS = 16
BARE = {
    *("attention.qkv", "attention.o", "feed_forward.w13", "feed_forward.w2"),
    *("self_attn.qkv_proj", "self_attn.o_proj", "mlp.gate_up_proj", "mlp.down_proj"),
}
"""The matrices whose product is read by a primitive, by their names in a block."""


def load(folder: Path, dtype: torch.dtype, *, decoded: bool) -> Networks:
    return open_checkpoint(folder).load(CPU, dtype, placing=Placing(decoded=decoded))


def linears(network: nn.Module) -> dict[str, Linear]:
    return {name: m for name, m in network.named_modules() if isinstance(m, Linear)}


@torch.inference_mode()
def velocity(network: Transformer) -> Tensor:
    noise = torch.Generator().manual_seed(3)
    features = torch.randn(1, 9, network.config.llm_features_dim, generator=noise)
    z = torch.randn(DRAWS, 36, network.config.in_channels, generator=noise)
    positions = pack(range(9), (6, 6), CPU).positions_L3
    # A time that bfloat16 has, so that its rounding is none of what is compared.
    branch = make_branch(
        network,
        network.project_text(features).expand(DRAWS, -1, -1),
        positions,
        (0.25,),
        numerics("recommended"),
    )
    return branch.velocity(z, 0)


@torch.inference_mode()
def features(networks: Networks) -> Tensor:
    noise = torch.Generator().manual_seed(3)
    ids = torch.randint(0, SMALL.text_encoder.vocab_size, (DRAWS, 21), generator=noise)
    encoded: Tensor = networks.text_encoder(ids)
    return encoded.float()


def apart(ours: Tensor, exact: Tensor) -> float:
    return float((ours - exact).norm() / exact.norm())


@pytest.mark.parametrize("dtype", [torch.float32, HALF])
def test_only_what_a_primitive_reads_is_bare(small_checkpoint: Path, dtype: torch.dtype) -> None:
    stored, decoded = (load(small_checkpoint, dtype, decoded=d) for d in (False, True))
    bare = set()
    for part, network in decoded.by_part():
        before = linears(dict(stored.by_part())[part])
        for name, linear in linears(network).items():
            weight, scale = before[name].weight, before[name].weight_scale
            assert scale is not None
            assert linear.weight.dtype == dtype
            full = reference.decode(weight, scale, dtype)
            if linear.weight_scale is None:
                assert torch.equal(linear.weight, full)
                continue
            bare.add(".".join(name.split(".")[2:]))
            # Values go to attention as they are.
            first = sum(linear.rows[:2]) if len(linear.rows) == 3 else len(full)
            assert torch.equal(linear.weight[:first], weight[:first].to(dtype))
            assert torch.equal(linear.weight_scale[:first], scale[:first])
            assert torch.equal(linear.weight[first:], full[first:])
            assert (linear.weight_scale[first:] == 1).all()
    assert bare == BARE


def test_a_plain_layer_computes_what_it_would_while_decoding(small_checkpoint: Path) -> None:
    stored, decoded = (load(small_checkpoint, HALF, decoded=d).transformer for d in (False, True))
    text = torch.randn(1, 5, SMALL.transformer.llm_features_dim)
    assert torch.equal(stored.project_text(text), decoded.project_text(text))


def test_in_fp32_scales_behind_the_product_change_nothing(small_checkpoint: Path) -> None:
    stored, decoded = (load(small_checkpoint, torch.float32, decoded=d) for d in (False, True))
    assert apart(velocity(decoded.transformer), velocity(stored.transformer)) < 1e-6
    assert apart(features(decoded), features(stored)) < 1e-6


def test_in_bf16_they_are_no_farther_from_fp32_than_rounded_weights(small_checkpoint: Path) -> None:
    exact, stored, decoded = (
        load(small_checkpoint, dtype, decoded=ahead)
        for dtype, ahead in ((torch.float32, False), (HALF, False), (HALF, True))
    )
    # Plain torch rounds a product before and after its scales, which takes back most of the gain.
    for ours, rounded, truth in (
        [velocity(n.transformer) for n in (decoded, stored, exact)],
        [features(n) for n in (decoded, stored, exact)],
    ):
        assert apart(ours, truth) < 1.05 * apart(rounded, truth)


def test_the_exact_network_widens_bare_weights(small_checkpoint: Path) -> None:
    exact, decoded = (
        load(small_checkpoint, dtype, decoded=True).transformer for dtype in (torch.float32, HALF)
    )
    # They differ in the matrices that are decoded in full, which bfloat16 has rounded.
    assert apart(velocity(in_fp32(decoded)), velocity(exact)) < 0.01
    for name, linear in linears(in_fp32(decoded)).items():
        bare, whole = linear.bare_rows, linears(exact)[name]
        assert torch.equal(linear.weight[:bare], whole.weight[:bare])
        torch.testing.assert_close(linear.weight_scale, whole.weight_scale, rtol=0, atol=0)
