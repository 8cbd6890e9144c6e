"""The kernel of a product that ends in SwiGLU, and who is sent to it.

Triton's interpreter multiplies the bits of bf16 numbers, so that fp16 stands for it there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor

from generator.ops import Activation, Quantised, Tier, quantise, reference, tiers
from generator.ops.kinds import E4M3, E4M3_MAX
from generator.testing import SMALL

pytest.importorskip("triton", reason="the kernels are Triton's")

from generator.bench.kernels import Sizes, fuses, measure_gated
from generator.bench.measure import Clock
from generator.ops import gated
from generator.ops.kernels.gated import GROUP, TILE, gated_product, takes
from generator.ops.scaled import faithful_linear, scaled_linear

# Rows, input channels, results: less than a tile, some tiles with a rest, and the widths of the
# model, whose number of turns leaves a rest in e4m3.
SHAPES = [(3, 64, 16), (2 * TILE[0] + 2, 208, TILE[1] + 16), (5, 4608, 136)]


@pytest.fixture
def dtype(device: torch.device) -> torch.dtype:
    return torch.bfloat16 if device.type == "cuda" else torch.float16


def weight(noise: torch.Generator, results: int, channels: int) -> tuple[Tensor, Tensor]:
    """Gates and ups in e4m3, and their scales."""
    drawn = torch.randn(2 * results, channels, generator=noise, device=noise.device)
    spread = torch.arange(2 * results, device=noise.device) % 3 - 1.0
    drawn *= channels**-0.5 * torch.exp2(spread)[:, None]
    scale = drawn.abs().amax(1) / E4M3_MAX
    return (drawn / scale[:, None]).to(E4M3), scale


def near(got: Tensor, want: Tensor, *, rounded: bool = False) -> None:
    """Equal, row by row, but for the rounding of results.

    A GPU adds products of ``rounded`` inputs in fewer bits than fp32.
    """
    assert got.dtype in {torch.bfloat16, torch.float16}
    error = (got.float() - want.float()).norm(dim=-1) / want.float().norm(dim=-1)
    assert error.max() < (0.02 if rounded and got.is_cuda else 0.003)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_product_of_plain_and_of_bare_weights(
    noise: torch.Generator, dtype: torch.dtype, shape: tuple[int, int, int]
) -> None:
    rows, channels, results = shape
    x = torch.randn(1, rows, channels, generator=noise, device=noise.device).to(dtype)
    stored, scale = weight(noise, results, channels)
    want = reference.gated_linear(x.float(), stored.float(), scale)
    near(gated_product(x, stored.to(dtype), None, scale, dtype), want)
    plain = reference.decode(stored, scale, dtype)
    want = reference.gated_linear(x.float(), plain.float(), None)
    near(gated_product(x, plain, None, None, dtype), want)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_product_of_rounded_rows(
    noise: torch.Generator, dtype: torch.dtype, shape: tuple[int, int, int]
) -> None:
    rows, channels, results = shape
    x = torch.randn(1, rows, channels, generator=noise, device=noise.device)
    rounded = quantise.per_row(x * torch.logspace(-2, 0.3, rows, device=x.device)[:, None])
    stored, scale = weight(noise, results, channels)
    want = reference.gated_linear(rounded, stored, scale)
    got = gated_product(rounded.data, stored, rounded.scale, scale, dtype)
    assert got.shape == (1, rows, results)
    near(got, want, rounded=True)


def test_more_tiles_of_rows_than_go_through_the_columns_together(
    noise: torch.Generator, dtype: torch.dtype
) -> None:
    rows = TILE[0] * (GROUP + 2) + 1
    x = torch.randn(rows, 16, generator=noise, device=noise.device).to(dtype)
    stored, scale = weight(noise, 2 * TILE[1], 16)
    got = gated_product(x, stored.to(dtype), None, scale, dtype)
    near(got, reference.gated_linear(x.float(), stored.float(), scale))


def test_what_the_kernel_reads() -> None:
    x, stored = torch.empty(3, 64, dtype=E4M3), torch.empty(32, 64, dtype=E4M3)
    assert takes(x, stored)
    assert takes(x.half(), stored.half())
    assert not takes(x.half(), stored)
    assert not takes(x.float(), stored.float())
    assert not takes(x[:, :40].contiguous(), stored[:, :40].contiguous())
    assert not takes(x, stored[:24])


class Elsewhere:
    """Takes what is not fused, and keeps what it was given."""

    def __init__(self) -> None:
        self.given: tuple[Activation, Tensor, Tensor | None] | None = None

    def __call__(self, *given: Any) -> Activation:
        self.given = given
        return torch.zeros(0)


@pytest.mark.parametrize(
    ("bare", "rounded", "rounds"),
    [(False, False, False), (True, False, False), (False, True, True), (False, True, False)],
)
def test_long_inputs_go_to_one_kernel_and_give_what_two_give(
    monkeypatch: pytest.MonkeyPatch,
    noise: torch.Generator,
    dtype: torch.dtype,
    bare: bool,
    rounded: bool,
    rounds: bool,
) -> None:
    monkeypatch.setattr(gated, "FUSED_FROM", 4)
    stored, scale = weight(noise, 32, 64)
    matrix = stored.to(dtype) if bare else stored
    x = torch.randn(1, 4, 64, generator=noise, device=noise.device).to(dtype)
    given: Activation = quantise.per_row(x) if rounded else x
    elsewhere = Elsewhere()
    got = gated.fused(given, matrix, scale, quantise=rounds, otherwise=elsewhere)
    assert elsewhere.given is None
    # torch multiplies rounded numbers with scales on GPUs alone.
    on_a_gpu = scaled_linear if noise.device.type == "cuda" else quantise.linear
    linear = on_a_gpu if rounded else faithful_linear
    want = gated.unfused(given, matrix, scale, linear=linear, quantise=rounds)
    assert isinstance(got, Quantised) == isinstance(want, Quantised) == rounds
    numbers = [x.data.float() * x.scale if isinstance(x, Quantised) else x for x in (got, want)]
    # Two kernels round the product between them to the last bit of ``dtype``. What that changes may
    # be rounded to the other side in e4m3, whose sums have fewer bits on a GPU besides.
    coarse = rounds or (rounded and noise.device.type == "cuda")
    most = 0.02 if coarse else torch.finfo(dtype).eps
    assert (numbers[0] - numbers[1]).norm() < most * numbers[1].norm()


def test_what_is_short_or_cannot_be_read_goes_the_other_way(
    monkeypatch: pytest.MonkeyPatch, noise: torch.Generator, dtype: torch.dtype
) -> None:
    stored, scale = weight(noise, 32, 64)
    x = torch.randn(4, 64, generator=noise, device=noise.device).to(dtype)
    rounded, plain = quantise.per_row(x), reference.decode(stored, scale, dtype)

    def sent(*given: Any, quantise: bool = False) -> tuple[Any, ...] | None:
        elsewhere = Elsewhere()
        gated.fused(*given, quantise=quantise, otherwise=elsewhere)
        return elsewhere.given

    short = sent(x, stored, scale)
    assert short is not None
    assert short[1:] == (stored, scale)
    monkeypatch.setattr(gated, "FUSED_FROM", 4)
    assert sent(x, stored, scale) is None
    decoded = sent(x.float(), stored, scale)
    assert decoded is not None
    torch.testing.assert_close(decoded[1], reference.decode(stored, scale, torch.float32))
    assert decoded[2] is None
    bare = sent(x.float(), stored.float(), scale)
    assert bare is not None
    assert bare[2] is scale
    assert sent(rounded, plain, None) is not None
    assert sent(rounded, stored.to(dtype), scale) is not None
    # Rounding what nobody has rounded is the business of the two kernels.
    assert sent(x, stored, scale, quantise=True) is not None


def test_the_first_blocks_mlp_on_a_gpu(
    monkeypatch: pytest.MonkeyPatch, noise: torch.Generator, dtype: torch.dtype
) -> None:
    monkeypatch.setattr(gated, "FUSED_FROM", 4)
    (stored, scale), (second, second_scale) = weight(noise, 32, 64), weight(noise, 32, 32)
    x = quantise.per_row(torch.randn(4, 64, generator=noise, device=noise.device).to(dtype))
    results = []
    for ops in (tiers._fused(Tier.FAST, (9, 0)), tiers.PLAIN[Tier.FAST]):
        mlp = ops.first_mlp
        assert mlp is not None
        hidden = mlp.gated_linear(x, stored, scale)
        assert isinstance(hidden, Tensor)
        results.append(reference.finished(mlp.linear(hidden, second, second_scale, None)))
    most = 0.02 if noise.device.type == "cuda" else 0.002
    assert (results[0] - results[1]).norm() < most * results[1].norm()


def test_the_benchmark_runs_both_ways(device: torch.device, dtype: torch.dtype) -> None:
    sizes = Sizes(SMALL.transformer, SMALL.autoencoder, 6, (32, 32), device)
    measured = dict(measure_gated(Clock(device, sustained_seconds=0.001), sizes))
    assert measured.keys() == {"bare", "e4m3"}
    assert all(us > 0 for ways in measured.values() for us in ways.values())
    assert fuses(replace(sizes, tokens=gated.FUSED_FROM)) == (
        device.type == "cuda" and torch.cuda.get_device_capability(device)[0] == tiers.FUSED_ON
    )
    assert not fuses(sizes)


def test_what_lies_out_of_order_is_not_taken() -> None:
    stored = torch.empty(32, 64, dtype=E4M3)
    assert takes(torch.empty(3, 64, dtype=E4M3), stored)
    assert not takes(torch.empty(3, 80, dtype=E4M3)[:, :64], stored)
    assert not takes(torch.empty(3 * 64 + 2, dtype=E4M3)[2:].view(3, 64), stored)
    assert not takes(torch.empty(3, 64, dtype=E4M3), torch.empty(64, 32, dtype=E4M3).t())
