"""Which tier a device gets, with the reason in words."""

from __future__ import annotations

import importlib.util

import pytest
import torch

from generator.ops import Tier, attention, reference, resolve, tiers
from generator.ops.picture import PLAIN, resolve_picture

CUDA = torch.device("cuda")
BF16 = torch.bfloat16


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


def test_fp32_is_never_rounded(gpu: pytest.MonkeyPatch) -> None:
    chosen = resolve(CUDA, torch.float32)
    assert chosen.tier is Tier.FAITHFUL
    assert "float32" in chosen.reason


def test_without_triton_it_is_plain_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    chosen = resolve(CUDA)
    assert chosen.linear is reference.linear
    assert "triton" in chosen.reason


def test_every_tier_has_a_plain_form() -> None:
    assert {tier: ops.tier for tier, ops in tiers.PLAIN.items()} == {t: t for t in Tier}
