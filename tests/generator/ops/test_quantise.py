"""What rounding to e4m3 costs, and what it must never do."""

from __future__ import annotations

import pytest
import torch

from generator.ops import Norm, Quantised, last_queries, quantise, reference
from generator.ops.kinds import E4M3_MAX


def relative(got: torch.Tensor, expected: torch.Tensor) -> float:
    return float((got.float() - expected).norm() / expected.norm())


def test_the_largest_number_of_a_row_is_the_largest_of_e4m3() -> None:
    x = torch.tensor([[1.0, -8.0, 2.0], [1e-4, 2e-4, 0.0]])
    got = quantise.per_row(x)
    assert got.data.float().abs().amax(-1).tolist() == [E4M3_MAX, E4M3_MAX]
    torch.testing.assert_close(got.data.float() * got.scale, x, rtol=1 / 16, atol=0)


@pytest.mark.parametrize("amax", [0.0, 1e-30, 3e38])
def test_extremes_stay_finite(amax: float) -> None:
    got = quantise.per_row(torch.tensor([[amax, -amax, 0.0]]))
    assert (got.data.float() * got.scale).isfinite().all()


def test_a_product_of_rounded_rows_is_within_four_percent() -> None:
    x, weight = torch.randn(5, 256), torch.randn(64, 256)
    scale = weight.abs().amax(1) / E4M3_MAX
    stored = (weight / scale[:, None]).to(torch.float8_e4m3fn)
    exact = x @ (stored.float() * scale[:, None]).T
    assert relative(quantise.linear(x, stored, scale, None), exact) < 0.04
    bias = torch.randn(64)
    with_bias = quantise.linear(quantise.per_row(x), stored, scale, bias)
    torch.testing.assert_close(with_bias, quantise.linear(x, stored, scale, None) + bias)


def test_a_plain_weight_is_multiplied_without_rounding() -> None:
    x, weight = torch.randn(5, 8), torch.randn(4, 8)
    torch.testing.assert_close(quantise.linear(x, weight, None, None), x @ weight.T)


def test_heads_are_rounded_within_the_bound_of_their_norm() -> None:
    packed = 100 * torch.randn(2, 6, 4, 8)
    packed[0, 0, 0] = torch.tensor([1e4] + [0.0] * 7)  # all of a head in one channel
    norm_q, norm_k = Norm(torch.rand(8) + 0.5, 1e-5), Norm(torch.rand(8) + 0.5, 1e-5)
    angle = torch.rand(1, 6, 4)
    arguments = (packed, 2, 1, norm_q, norm_k, angle.cos(), angle.sin())
    exact = reference.norm_rotate(*arguments)
    for got, want in zip(quantise.norm_rotate(*arguments), exact, strict=True):
        assert got.scale.shape == got.data.shape[::2]
        assert relative(got.data.float() * got.scale[:, None, :, None], want) < 0.05


def test_attention_of_rounded_heads_is_near_that_of_plain_ones() -> None:
    packed = torch.randn(1, 32, 6, 16)
    norm = Norm(torch.ones(16), 1e-5)
    angle = torch.rand(1, 32, 8)
    arguments = (packed, 2, 2, norm, norm, angle.cos(), angle.sin())
    q, k, v = quantise.norm_rotate(*arguments)
    assert isinstance(q, Quantised)
    exact = reference.attention(*reference.norm_rotate(*arguments))
    assert relative(reference.attention(q, k, v), exact) < 0.08


def test_the_last_queries_see_what_they_saw_among_all() -> None:
    packed = torch.randn(1, 32, 6, 16)
    norm = Norm(torch.ones(16), 1e-5)
    angle = torch.rand(1, 32, 8)
    for ops in (reference, quantise):
        q, k, v = ops.norm_rotate(packed, 2, 2, norm, norm, angle.cos(), angle.sin())
        some = reference.attention(last_queries(q, 20), k, v)
        torch.testing.assert_close(some, reference.attention(q, k, v)[:, -20:])
