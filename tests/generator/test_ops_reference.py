"""Every primitive against its formula, written out in the plainest way."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from generator.ops import REFERENCE, Norm, Unscaled, quantise, reference, resolve


def test_linear_of_floats() -> None:
    x, weight, bias = torch.randn(2, 5), torch.randn(3, 5), torch.randn(3)
    torch.testing.assert_close(REFERENCE.linear(x, weight, None, bias), x @ weight.T + bias)


def test_linear_of_fp8_multiplies_rows_by_their_scale() -> None:
    x, scale = torch.randn(2, 5), torch.tensor([0.5, 2.0, 3.0])
    weight = torch.randn(3, 5).to(torch.float8_e4m3fn)
    expected = x @ (weight.float() * scale[:, None]).T
    torch.testing.assert_close(REFERENCE.linear(x, weight, scale, None), expected)


def test_linear_of_fp8_rounds_scale_and_weight_to_the_dtype_of_its_input() -> None:
    weight = torch.tensor([[1.125]]).to(torch.float8_e4m3fn)
    scale = torch.tensor([1.001953125])  # a tie between two bf16 numbers once rounded
    out = REFERENCE.linear(torch.ones(1, 1, dtype=torch.bfloat16), weight, scale, None)
    assert isinstance(out, Tensor)
    assert out.dtype == torch.bfloat16
    assert out.item() == 1.125


def test_linear_leaves_the_scales_of_bare_numbers_to_who_reads_the_product() -> None:
    x, scale, bias = torch.randn(2, 5), torch.tensor([0.5, 2.0, 3.0]), torch.randn(3)
    weight = torch.randn(3, 5).to(torch.float8_e4m3fn)
    expected = x @ (weight.float() * scale[:, None]).T
    out = REFERENCE.linear(x, weight.float(), scale, None)
    assert isinstance(out, Unscaled)
    torch.testing.assert_close(out.data, x @ weight.float().T)
    assert out.scale is scale
    torch.testing.assert_close(reference.finished(out), expected)
    torch.testing.assert_close(REFERENCE.linear(x, weight.float(), scale, bias), expected + bias)
    with pytest.raises(TypeError, match="decoded ahead is for tier faithful"):
        quantise.linear(x, weight.float(), scale, None)


def test_scales_are_applied_in_fp32() -> None:
    product = torch.tensor([1.125], dtype=torch.bfloat16)
    out = reference.finished(Unscaled(product, torch.tensor([1.00390625])))
    assert out.dtype == torch.bfloat16
    # The scale alone would round to 1, and the product with it stay as it is.
    assert out.item() == 1.1328125


def same(got: object, expected: object) -> None:
    torch.testing.assert_close(got, expected, rtol=0, atol=0)


def test_every_reader_applies_the_scales() -> None:
    x, scale = torch.randn(2, 3, 12), torch.rand(12) + 0.5
    product, value = Unscaled(x, scale), x * scale
    same(reference.swiglu(product), reference.swiglu(value))
    h, gate, norm = torch.randn(2, 3, 12), torch.randn(1, 1, 12), Norm(torch.randn(12), 1e-5)
    summed = REFERENCE.gated_residual(h, product, norm, gate)
    same(summed, REFERENCE.gated_residual(h, value, norm, gate))
    for post, its_gate in ((norm, gate), (None, None)):
        got = REFERENCE.residual_norm(h, product, post, its_gate, norm, None)
        want = REFERENCE.residual_norm(h, value, post, its_gate, norm, None)
        same(got, want)
    cos, sin = torch.rand(2, 1, 3, 2).unbind()
    arguments = (1, 1, Norm(torch.randn(4), 1e-5), Norm(torch.randn(4), 1e-5), cos, sin)
    turned = REFERENCE.norm_rotate(product.unflatten(-1, (-1, 4)), *arguments)
    same(turned, REFERENCE.norm_rotate(value.reshape(2, 3, 3, 4), *arguments))


def rms(x: Tensor, eps: float) -> Tensor:
    return x / (x.pow(2).mean(-1, keepdim=True) + eps).sqrt()


def test_norms() -> None:
    x, weight, scale = torch.randn(2, 3, 4), torch.randn(4), torch.randn(2, 1, 4)
    norm = Norm(weight, 0.1)
    torch.testing.assert_close(reference.rms_norm(x, norm), rms(x, 0.1) * weight)
    torch.testing.assert_close(REFERENCE.norm_modulate(x, norm, None), rms(x, 0.1) * weight)
    torch.testing.assert_close(
        REFERENCE.norm_modulate(x, norm, scale), rms(x, 0.1) * weight * scale
    )
    h = torch.randn(2, 3, 4)
    after = h + scale * rms(x, 0.1) * weight
    torch.testing.assert_close(REFERENCE.gated_residual(h, x, norm, scale), after)
    pre, modulation = Norm(torch.randn(4), 0.2), torch.randn(2, 1, 4)
    got, normed = REFERENCE.residual_norm(h, x, norm, scale, pre, modulation)
    torch.testing.assert_close(got, after)
    torch.testing.assert_close(normed, rms(after, 0.2) * pre.weight * modulation)
    got, normed = REFERENCE.residual_norm(h, x, None, None, pre, None)
    torch.testing.assert_close(got, h + x)
    torch.testing.assert_close(normed, rms(h + x, 0.2) * pre.weight)


def test_rotation_turns_the_pairs_half_apart() -> None:
    angle = torch.rand(1, 2, 3) * 6
    x = torch.randn(1, 2, 1, 6)
    out = reference.rotate(x, angle.cos(), angle.sin())
    for token in range(2):
        for k in range(3):
            pair = torch.complex(x[0, token, 0, k], x[0, token, 0, k + 3])
            turned = pair * torch.exp(1j * angle[0, token, k])
            torch.testing.assert_close(out[0, token, 0, k], turned.real)
            torch.testing.assert_close(out[0, token, 0, k + 3], turned.imag)


def test_norm_comes_before_rotation() -> None:
    packed, weight_q, weight_k = torch.randn(1, 2, 6, 4), torch.randn(4), torch.randn(4)
    angle = torch.rand(1, 2, 2)
    cos, sin = angle.cos(), angle.sin()
    norms = Norm(weight_q, 1e-5), Norm(weight_k, 1e-3)
    q, k, v = REFERENCE.norm_rotate(packed, 2, 2, *norms, cos, sin)
    raw_q, raw_k, raw_v = torch.split(packed, [2, 2, 2], dim=2)
    torch.testing.assert_close(q, reference.rotate(rms(raw_q, 1e-5) * weight_q, cos, sin))
    torch.testing.assert_close(k, reference.rotate(rms(raw_k, 1e-3) * weight_k, cos, sin))
    torch.testing.assert_close(v, raw_v)


def test_swiglu_gates_with_the_first_half() -> None:
    x = torch.randn(2, 6)
    a, b = x[:, :3], x[:, 3:]
    torch.testing.assert_close(reference.swiglu(x), a * torch.sigmoid(a) * b)


def test_a_gated_linear_reads_the_gates_from_the_first_rows() -> None:
    x, gates, ups, scale = *torch.randn(3, 4, 4), torch.rand(8) + 0.5
    want = reference.swiglu(torch.cat((x @ gates.T, x @ ups.T), dim=-1) * scale)
    torch.testing.assert_close(REFERENCE.gated_linear(x, torch.cat((gates, ups)), scale), want)


def attend(q: Tensor, k: Tensor, v: Tensor, allowed: Tensor) -> Tensor:
    """One head, ``[L, K]`` each."""
    scores = (q @ k.T / math.sqrt(q.shape[-1])).masked_fill(~allowed, -math.inf)
    return scores.softmax(-1) @ v


def test_attention_joins_heads_in_order() -> None:
    q, k, v = torch.randn(3, 2, 5, 3, 4).unbind()
    out = REFERENCE.attention(q, k, v)
    everything = torch.ones(5, 5, dtype=torch.bool)
    for b in range(2):
        for h in range(3):
            expected = attend(q[b, :, h], k[b, :, h], v[b, :, h], everything)
            torch.testing.assert_close(out[b, :, 4 * h : 4 * h + 4], expected)


def test_causal_grouped_attention() -> None:
    q, (k, v) = torch.randn(1, 5, 4, 3), torch.randn(2, 1, 5, 2, 3).unbind()
    out = REFERENCE.attention(q, k, v, causal=True)
    past = torch.ones(5, 5, dtype=torch.bool).tril()
    for h in range(4):
        expected = attend(q[0, :, h], k[0, :, h // 2], v[0, :, h // 2], past)
        torch.testing.assert_close(out[0, :, 3 * h : 3 * h + 3], expected)


def test_masked_keys_have_no_weight() -> None:
    q, k, v = torch.randn(3, 1, 4, 1, 2).unbind()
    mask = torch.tensor([[False, True, True, True]])
    out = REFERENCE.attention(q, k, v, mask)
    torch.testing.assert_close(out, REFERENCE.attention(q, k[:, 1:], v[:, 1:]))


def test_a_device_gets_primitives_with_a_reason() -> None:
    chosen = resolve(torch.device("cpu"))
    assert chosen.linear is reference.linear
    assert "cpu" in chosen.reason
