"""Which tier a device gets, with the reason in words."""

from __future__ import annotations

import importlib.util
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest
import torch
from torch import Tensor

from generator import draft
from generator.checkpoint import open_checkpoint
from generator.denoise import make_branch
from generator.model.transformer import Block, Transformer
from generator.ops import Ops, Tier, attention, reference, resolve, tiers
from generator.ops.kinds import E4M3
from generator.ops.picture import PLAIN, resolve_picture
from generator.packing import pack
from generator.parity import numerics
from generator.sampling import euler_step
from generator.testing import SMALL
from generator.tokenizer import PromptTokenizer

CUDA = torch.device("cuda")
BF16 = torch.bfloat16
ROOT = Path(__file__).parents[3]
TIMES = (0.0, 0.1, 0.25, 0.4, 0.6, 0.8, 0.9)


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A GPU of the Hopper generation, without the wheel of FlashAttention-3."""
    pytest.importorskip("triton", reason="the kernels are Triton's")
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda _: "Some GPU")
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _: (9, 0))
    monkeypatch.setattr(attention, "has_flash3", lambda: False)
    return monkeypatch


@pytest.mark.parametrize("tier", [None, *Tier])
def test_the_cpu_computes_faithfully_and_says_so(tier: Tier | None) -> None:
    chosen = resolve(torch.device("cpu"), BF16, tier)
    assert chosen.tier is Tier.FAITHFUL
    assert chosen.linear is reference.linear
    assert "cpu" in chosen.reason
    assert ("needs a GPU" in chosen.reason) == (tier in {Tier.FAST, Tier.MAX})


def test_fast_is_the_default_on_a_gpu_with_e4m3(gpu: pytest.MonkeyPatch) -> None:
    chosen = resolve(CUDA)
    assert chosen.tier is Tier.FAST
    assert "Some GPU" in chosen.reason


def test_max_needs_its_wheel(gpu: pytest.MonkeyPatch) -> None:
    chosen = resolve(CUDA, BF16, Tier.MAX)
    assert chosen.tier is Tier.FAST
    assert "fa3-fwd" in chosen.reason
    gpu.setattr(attention, "has_flash3", lambda: True)
    assert resolve(CUDA, BF16, Tier.MAX).tier is Tier.MAX


def test_faithful_is_given_when_asked_for(gpu: pytest.MonkeyPatch) -> None:
    assert resolve(CUDA, BF16, Tier.FAITHFUL).tier is Tier.FAITHFUL


def test_an_older_gpu_computes_faithfully(gpu: pytest.MonkeyPatch) -> None:
    gpu.setattr(torch.cuda, "get_device_capability", lambda _: (8, 6))
    chosen = resolve(CUDA, BF16, Tier.FAST)
    assert chosen.tier is Tier.FAITHFUL
    assert "no e4m3" in chosen.reason
    # Triton does not compile a kernel that reads e4m3 for it.
    assert chosen.linear is reference.linear
    assert resolve(CUDA, BF16, Tier.FAITHFUL).linear is reference.linear


def test_flash_attention_3_is_for_hopper_alone(gpu: pytest.MonkeyPatch) -> None:
    gpu.setattr(attention, "has_flash3", lambda: True)
    assert resolve(CUDA).attention is attention.best
    for other in ((8, 9), (10, 0), (12, 0)):
        gpu.setattr(torch.cuda, "get_device_capability", lambda _, other=other: other)
        assert resolve(CUDA).attention is attention.cudnn


def test_gpus_that_triton_or_the_kernels_do_not_know_get_plain_torch(
    gpu: pytest.MonkeyPatch,
) -> None:
    gpu.setattr(torch.cuda, "get_device_capability", lambda _: (7, 5))
    chosen = resolve(CUDA, BF16, Tier.FAST)
    assert chosen.norm_modulate is reference.norm_modulate
    assert "Some GPU is older" in chosen.reason
    assert "the tier fast needs" in chosen.reason
    assert resolve_picture(CUDA) is PLAIN
    gpu.setattr(torch.cuda, "get_device_capability", lambda _: (9, 4))
    gpu.setattr(torch.version, "hip", "7.0")
    assert "for NVIDIA GPUs" in resolve(CUDA).reason
    assert resolve_picture(CUDA) is PLAIN


@pytest.mark.parametrize("tier", [Tier.FAITHFUL, Tier.FAST, Tier.MAX])
@pytest.mark.parametrize("capability", [(8, 9), (9, 0), (10, 0), (12, 0)])
def test_products_and_swiglu_are_fused_on_hopper_alone(
    gpu: pytest.MonkeyPatch, tier: Tier, capability: tuple[int, int]
) -> None:
    gated = pytest.importorskip("generator.ops.gated")
    scaled = pytest.importorskip("generator.ops.scaled")
    gpu.setattr(torch.cuda, "get_device_capability", lambda _: capability)
    gpu.setattr(attention, "has_flash3", lambda: True)
    ops = resolve(CUDA, BF16, tier)
    way = gated.fused if capability == (9, 0) else gated.unfused

    def gated_by(primitives: Ops, *, rounds: bool) -> bool:
        made: Any = primitives.gated_linear
        return made.func is way and made.keywords["quantise"] is rounds

    if tier is Tier.FAITHFUL:
        assert gated_by(ops, rounds=False)
        assert ops.first_mlp is None
    else:
        assert gated_by(ops, rounds=True)
        assert ops.linear is scaled.scaled_linear
        assert ops.first_mlp is not None
        assert gated_by(ops.first_mlp, rounds=False)
        assert ops.first_mlp.linear is scaled.faithful_linear


def test_fp32_is_never_rounded(gpu: pytest.MonkeyPatch) -> None:
    chosen = resolve(CUDA, torch.float32)
    assert chosen.tier is Tier.FAITHFUL
    assert "float32" in chosen.reason


def test_without_triton_it_is_plain_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    chosen = resolve(CUDA)
    assert chosen.linear is reference.linear
    assert "triton" in chosen.reason


@pytest.mark.parametrize("tier", [Tier.FAST, Tier.MAX])
def test_the_first_block_multiplies_what_w13_gives_without_rounding(tier: Tier) -> None:
    with torch.device("meta"):
        network = Transformer(SMALL.transformer, ops=tiers.PLAIN[tier])
    blocks = [cast("Block", block) for block in network.layers]
    assert len(blocks) > 1
    x, weight, scale = torch.randn(3, 8), torch.randn(8, 8).to(E4M3), torch.ones(8)
    exact = reference.finished(reference.linear(x, weight, scale, None))
    for index, mlp in enumerate(block.feed_forward for block in blocks):
        hidden = mlp.w13.ops.gated_linear(x, weight, scale)
        assert isinstance(hidden, Tensor) == (index == 0)
        product = reference.finished(mlp.w2.ops.linear(x, weight, scale, None))
        assert torch.equal(product, exact) == (index == 0)


@pytest.fixture(scope="module")
def velocities() -> dict[Tier, Tensor]:
    """The draft model's velocities on the way to a picture, with the rounding of each tier.

    Arithmetic is fp32, and every tier stands where the faithful one has come to.
    """
    prompt = (ROOT / "samples/crescent-and-tree.json").read_text("utf-8")
    cpu, way = torch.device("cpu"), []
    checkpoint = open_checkpoint(draft.folder())
    sizes = checkpoint.sizes
    tokenizer = PromptTokenizer(checkpoint.tokenizer, sizes.text_encoder.vocab_size)
    packed = pack(tokenizer.encode(prompt), (16, 16), cpu)
    noise = torch.Generator().manual_seed(1)
    z = torch.randn(1, 256, sizes.transformer.in_channels, generator=noise)
    found: dict[Tier, Tensor] = {}
    for tier, ops in tiers.PLAIN.items():
        networks = checkpoint.load(cpu, torch.float32, ops)
        network = networks.transformer
        with torch.inference_mode():
            text = network.project_text(networks.text_encoder(packed.token_ids_T[None]))
            branch = make_branch(network, text, packed.positions_L3, TIMES, numerics("recommended"))
            if tier is Tier.FAITHFUL:
                for step, (t, t_next) in enumerate(pairwise((*TIMES, 1.0))):
                    way.append(z)
                    z = euler_step(z, branch.velocity(z, step), t, t_next)
            found[tier] = torch.stack([branch.velocity(z, step) for step, z in enumerate(way)])
    return found


@pytest.mark.parametrize("tier", [Tier.FAST, Tier.MAX])
def test_rounding_moves_a_trained_velocity_little(
    velocities: dict[Tier, Tensor], tier: Tier
) -> None:
    exact = velocities[Tier.FAITHFUL]
    error = float((velocities[tier] - exact).norm() / exact.norm())
    assert 0.005 < error < 0.05


@pytest.mark.parametrize("tier", [Tier.FAST, Tier.MAX])
def test_rounding_moves_it_least_while_the_picture_is_settled(
    velocities: dict[Tier, Tensor], tier: Tier
) -> None:
    exact = velocities[Tier.FAITHFUL]
    errors = [
        float((ours - theirs).norm() / theirs.norm())
        for ours, theirs in zip(velocities[tier], exact, strict=True)
    ]
    # Close to the picture the velocity magnifies what is left of the noise: by ten at 0.9.
    settled = TIMES.index(0.6) + 1
    assert all(0.005 < error < 0.03 for error in errors[:settled])
    assert max(error * (1 - t) for error, t in zip(errors, TIMES, strict=True)) < 0.02
