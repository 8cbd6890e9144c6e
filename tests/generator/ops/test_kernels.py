"""Every fused kernel against the primitive in plain torch that it stands for.

The plain primitive gets the same numbers in fp32, which is how kernels compute inside.
"""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from generator.ops import Activation, Norm, Quantised, Unscaled, quantise, reference

pytest.importorskip("triton", reason="the kernels are Triton's")

from generator.ops.kernels import decode as decode_kernel
from generator.ops.kernels import heads, norm, persistent, residual, swiglu
from generator.ops.kernels import quantise as quantise_kernel
from generator.ops.kernels.rows import spans
from generator.ops.scaled import faithful_linear, scaled_linear

WIDTHS = [16, 64, 320, 704, 4608]
"""A power of two, sums of two, and one whose second span is masked."""
HALF = torch.bfloat16


class Draw:
    """Random tensors of one device and seed."""

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self.generator = torch.Generator(device).manual_seed(7)

    def __call__(self, *shape: int, dtype: torch.dtype = HALF) -> Tensor:
        drawn = torch.randn(shape, generator=self.generator, device=self.device)
        return drawn.to(dtype)

    def product(self, *shape: int) -> Unscaled:
        """As of bare weights, with scales up to a factor of 64 apart."""
        scale = torch.exp2(self(shape[-1], dtype=torch.float32).clamp(-3, 3))
        return Unscaled(self(*shape), scale)

    def norm(self, width: int) -> Norm:
        return Norm((1 + 0.2 * self(width).float()).to(HALF), 1e-5)


@pytest.fixture
def draw(device: torch.device) -> Draw:
    return Draw(device)


def full(*arguments: Any) -> list[Any]:
    """Tensors, products and norms in fp32; what is none of these stays."""
    return [
        Norm(x.weight.float(), x.eps)
        if isinstance(x, Norm)
        else Unscaled(x.data.float(), x.scale)
        if isinstance(x, Unscaled)
        else x.float()
        if isinstance(x, Tensor)
        else x
        for x in arguments
    ]


def close(got: Tensor, expected: Tensor) -> None:
    """Equal to the one rounding of a bf16 result."""
    torch.testing.assert_close(got.float(), expected.float(), rtol=2**-7, atol=1e-3)


def same_rounding(got: Activation, expected: Tensor) -> None:
    """Equal to ``expected`` rounded to e4m3 by rows, but for ties that fp32 noise decides.

    A step of e4m3 is an eighth of a number's power of two. Triton's interpreter loses the carry of
    a mantissa that rounds up to the next power of two; such numbers are left out, and numbers
    below the normal ones, where it happens as well, are held to two of their steps.
    """
    assert isinstance(got, Quantised)
    want = quantise.per_row(expected)
    torch.testing.assert_close(got.scale, want.scale, rtol=1e-5, atol=0)
    exact = expected.float() / want.scale
    mantissa = torch.frexp(exact.abs()).mantissa
    sound = (mantissa < 0.96) & (exact.abs() > 2.0**-6)
    step = torch.exp2(torch.floor(torch.log2(exact.abs().clamp(min=2.0**-6))) - 3)
    off = (got.data.float() - exact).abs() / step
    assert off[sound].max() <= 0.51
    small = exact.abs() <= 2.0**-6
    assert not small.any() or (got.data.float() - exact).abs()[small].max() <= 2.0**-7


@pytest.mark.parametrize("width", [2, *WIDTHS, 12288])
def test_spans_cover_a_row_once(width: int) -> None:
    first, second = spans(width)
    assert first & (first - 1) == 0
    assert second & (second - 1) == 0
    assert first <= width <= first + second < 2 * width


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scales", [0, 1, 2])
def test_norm_modulate(draw: Draw, width: int, scales: int) -> None:
    x, weights = draw(2, 3, width), draw.norm(width)
    scale = 1 + 0.1 * draw(scales, 1, width) if scales else None
    expected = reference.norm_modulate(*full(x, weights, scale))
    plain = norm.norm_modulate(x, weights, scale, quantise=False)
    assert isinstance(plain, Tensor)
    close(plain, expected)
    same_rounding(norm.norm_modulate(x, weights, scale, quantise=True), expected)


def check_residual_norm(*arguments: Any) -> None:
    """Plain and rounded, against the reference."""
    h_want, x_want = reference.residual_norm(*full(*arguments))
    h_got, x_got = residual.residual_norm(*arguments, quantise=False)
    assert isinstance(x_got, Tensor)
    close(h_got, h_want)
    close(x_got, x_want)
    h_got, x_got = residual.residual_norm(*arguments, quantise=True)
    close(h_got, h_want)
    same_rounding(x_got, x_want)


@pytest.mark.parametrize("unscaled", [False, True])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("gates", [1, 2])
def test_residual_norm(draw: Draw, width: int, gates: int, unscaled: bool) -> None:
    h, branch = draw(2, 3, width), (draw.product if unscaled else draw)(2, 3, width)
    post, pre = draw.norm(width), draw.norm(width)
    gate, scale = draw(gates, 1, width), 1 + 0.1 * draw(gates, 1, width)
    check_residual_norm(h, branch, post, gate, pre, scale)
    close(
        residual.gated_residual(h, branch, post, gate),
        reference.gated_residual(*full(h, branch, post, gate)),
    )


@pytest.fixture
def persistent_from_11(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Sends 11 rows and more to persistent programs, and keeps how many rows each launch had."""
    launched: list[int] = []

    def counted(h: Tensor, *arguments: Any) -> tuple[Tensor, Activation]:
        launched.append(h.numel() // h.shape[-1])
        return persistent.persistent_residual_norm(h, *arguments)

    monkeypatch.setattr(residual, "PERSISTENT_FROM", 11)
    monkeypatch.setattr(residual, "persistent_residual_norm", counted)
    monkeypatch.setattr(persistent, "PROGRAMS", 1)
    return launched


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("programs", [1, 5, 12])
def test_residual_norm_by_persistent_programs(
    draw: Draw,
    monkeypatch: pytest.MonkeyPatch,
    persistent_from_11: list[int],
    width: int,
    programs: int,
) -> None:
    monkeypatch.setattr(persistent, "multiprocessors", lambda _: programs)
    post, pre = draw.norm(width), draw.norm(width)
    gate, scale = draw(1, 9, width)[:, 3:4], 1 + 0.1 * draw(1, 9, width)[:, 4:5]
    check_residual_norm(draw(1, 11, width), draw(1, 11, width), post, gate, pre, scale)
    check_residual_norm(draw(2, 6, width), draw(2, 6, width), post, gate, pre, scale)
    assert persistent_from_11 == [11, 12]


def test_what_persistent_programs_cannot_do_goes_the_other_way(
    draw: Draw, persistent_from_11: list[int]
) -> None:
    h, branch, post, pre = draw(2, 7, 64), draw(2, 7, 64), draw.norm(64), draw.norm(64)
    gate, scale = draw(1, 1, 64), 1 + 0.1 * draw(1, 1, 64)
    check_residual_norm(h, branch, post, draw(2, 1, 64), pre, scale)
    check_residual_norm(h, branch, post, gate, pre, 1 + 0.1 * draw(2, 1, 64))
    check_residual_norm(h, branch, post, gate, pre, None)
    check_residual_norm(h, branch, None, None, pre, scale)
    check_residual_norm(h, draw.product(2, 7, 64), post, gate, pre, scale)
    check_residual_norm(h[:, :5], branch[:, :5], post, gate, pre, scale)
    assert persistent_from_11 == []


def test_the_last_tokens_of_a_batch_are_found_where_they_lie(draw: Draw) -> None:
    h, branch = draw(2, 5, 64)[:, -3:], draw(2, 5, 64)[:, -3:]
    assert not h.is_contiguous()
    post, pre = draw.norm(64), draw.norm(64)
    # As a step of a longer modulation, whose rows lie further apart than they are long.
    gate, scale = draw(2, 9, 64)[:, 3:4], 1 + draw(2, 9, 64)[:, 4:5]
    arguments = (h, branch, post, gate, pre, scale)
    h_want, x_want = reference.residual_norm(*full(*arguments))
    h_got, x_got = residual.residual_norm(*arguments, quantise=True)
    close(h_got, h_want)
    same_rounding(x_got, x_want)
    expected = reference.norm_modulate(*full(h, pre, scale))
    same_rounding(norm.norm_modulate(h, pre, scale, quantise=True), expected)
    same_rounding(quantise_kernel.per_row(h), h.float())


@pytest.mark.parametrize("unscaled", [False, True])
@pytest.mark.parametrize("width", WIDTHS)
def test_residual_norm_without_post_norm_and_gate(draw: Draw, width: int, unscaled: bool) -> None:
    h, branch = draw(2, 3, width), (draw.product if unscaled else draw)(2, 3, width)
    check_residual_norm(h, branch, None, None, draw.norm(width), None)


@pytest.mark.parametrize("unscaled", [False, True])
@pytest.mark.parametrize("width", WIDTHS)
def test_swiglu(draw: Draw, width: int, unscaled: bool) -> None:
    x = draw.product(2, 3, 2 * width) if unscaled else 4 * draw(2, 3, 2 * width)
    expected = reference.swiglu(*full(x))
    plain = swiglu.swiglu(x, quantise=False)
    assert isinstance(plain, Tensor)
    close(plain, expected)
    same_rounding(swiglu.swiglu(x, quantise=True), expected)


@pytest.mark.parametrize("width", WIDTHS)
def test_per_row(draw: Draw, width: int) -> None:
    x = draw(2, 3, width) * torch.logspace(-6, 3, 6, device=draw.device).reshape(2, 3, 1).to(HALF)
    same_rounding(quantise_kernel.per_row(x), x.float())


def test_a_row_of_zeros_stays_zero(device: torch.device) -> None:
    got = quantise_kernel.per_row(torch.zeros(2, 3, 64, dtype=HALF, device=device))
    assert got.scale.min() > 0
    assert got.data.float().abs().max() == 0


@pytest.mark.parametrize("shape", [(3, 5000), (7, 64)])
def test_decode(draw: Draw, shape: tuple[int, int]) -> None:
    weight = draw(*shape).to(torch.float8_e4m3fn)
    scale = torch.exp2(draw(shape[0], dtype=torch.float32).round())
    assert torch.equal(
        decode_kernel.decode(weight, scale, HALF), reference.decode(weight, scale, HALF)
    )
    scale = draw(shape[0], dtype=torch.float32).abs() * 1e-3
    got, want = decode_kernel.decode(weight, scale, HALF), reference.decode(weight, scale, HALF)
    if draw.device.type == "cuda":
        assert torch.equal(got, want)
    # The interpreter cuts bf16 off where a GPU rounds.
    torch.testing.assert_close(got, want, rtol=2**-6, atol=0)


def tables(draw: Draw, items: int, length: int, half: int) -> tuple[Tensor, Tensor]:
    angles = 6 * draw(items, length, half, dtype=torch.float32)
    return angles.cos().to(HALF), angles.sin().to(HALF)


HEADS = [(3, 3, 64), (4, 2, 16), (18, 18, 256)]


@pytest.mark.parametrize(("count", "kv_count", "width"), HEADS)
@pytest.mark.parametrize("items", [1, 2])
def test_norm_rotate(draw: Draw, count: int, kv_count: int, width: int, items: int) -> None:
    packed = draw(2, 5, count + 2 * kv_count, width)
    arguments = (count, kv_count, draw.norm(width), draw.norm(width))
    cos, sin = tables(draw, items, 5, width // 2)
    want = reference.norm_rotate(*full(packed, *arguments, cos, sin))
    got = heads.norm_rotate(packed.clone(), *arguments, cos, sin, quantise=False)
    for mine, plain in zip(got, want, strict=True):
        assert isinstance(mine, Tensor)
        close(mine, plain)


def unscaled_heads(draw: Draw, length: int, count: int, kv_count: int, width: int) -> Unscaled:
    """A packed projection of bare queries and keys; the values' scales are one."""
    product = draw.product(2, length, (count + 2 * kv_count) * width)
    product.scale[-kv_count * width :] = 1.0
    return product.unflatten(-1, (-1, width))


@pytest.mark.parametrize(("count", "kv_count", "width"), HEADS)
def test_norm_rotate_of_an_unscaled_product(
    draw: Draw, count: int, kv_count: int, width: int
) -> None:
    packed = unscaled_heads(draw, 5, count, kv_count, width)
    arguments = (count, kv_count, draw.norm(width), draw.norm(width))
    cos, sin = tables(draw, 1, 5, width // 2)
    want = reference.norm_rotate(*full(packed, *arguments, cos, sin))
    fresh = Unscaled(packed.data.clone(), packed.scale)
    got = heads.norm_rotate(fresh, *arguments, cos, sin, quantise=False)
    for mine, plain in zip(got, want, strict=True):
        assert isinstance(mine, Tensor)
        close(mine, plain)
    torch.testing.assert_close(got[2], packed.data[:, :, -kv_count:], rtol=0, atol=0)


@pytest.mark.parametrize("unscaled", [False, True])
@pytest.mark.parametrize(("count", "kv_count", "width"), HEADS)
def test_norm_rotate_to_e4m3(
    draw: Draw, count: int, kv_count: int, width: int, unscaled: bool
) -> None:
    packed = unscaled_heads(draw, 70, count, kv_count, width)
    data, scale = packed.data, packed.scale
    arguments = (count, kv_count, draw.norm(width), draw.norm(width))
    cos, sin = tables(draw, 1, 70, width // 2)
    product = packed if unscaled else data
    want = quantise.norm_rotate(*full(product, *arguments, cos, sin))
    exact = reference.norm_rotate(*full(product, *arguments, cos, sin))
    fresh = Unscaled(data.clone(), scale) if unscaled else data.clone()
    got = heads.norm_rotate(fresh, *arguments, cos, sin, quantise=True)
    for mine, plain, numbers in zip(got, want, exact, strict=True):
        assert isinstance(mine, Quantised)
        torch.testing.assert_close(mine.scale, plain.scale, rtol=1e-5, atol=0)
        scaled = numbers / plain.scale[:, None, :, None]
        sound = torch.frexp(scaled.abs()).mantissa < 0.96
        error = (mine.data.float() - scaled).abs()
        assert (error <= scaled.abs() / 15 + 2.0**-7)[sound].all()


@pytest.mark.parametrize("rounds", [False, True])
@pytest.mark.parametrize("unscaled", [False, True])
@pytest.mark.parametrize(("count", "kv_count", "width"), HEADS)
def test_tokens_that_share_a_program_turn_as_each_by_itself(
    draw: Draw,
    monkeypatch: pytest.MonkeyPatch,
    count: int,
    kv_count: int,
    width: int,
    unscaled: bool,
    rounds: bool,
) -> None:
    packed = unscaled_heads(draw, 7, count, kv_count, width)
    arguments = (count, kv_count, draw.norm(width), draw.norm(width))
    cos, sin = tables(draw, 2, 7, width // 2)
    # What lies behind the last token belongs to somebody else.
    behind = draw(heads.TOKENS * packed.data[0, 0].numel())

    def turned(programs: int) -> list[Tensor]:
        monkeypatch.setattr(heads, "PROGRAMS", programs)
        room = torch.cat((packed.data.flatten(), behind))
        data = room[: -behind.numel()].view_as(packed.data)
        product = Unscaled(data, packed.scale) if unscaled else data
        got = heads.norm_rotate(product, *arguments, cos, sin, quantise=rounds)
        assert torch.equal(room[-behind.numel() :], behind)
        return [x.data.float() if isinstance(x, Quantised) else x for x in got]

    # On a GPU more tokens take more warps, which add a head's numbers in another order: one bit.
    last_bit = 1 / 8 if rounds else 2.0**-7
    within = last_bit if packed.data.is_cuda else 0
    alone = turned(14)
    for programs in (7, 3, 1):  # 2, 4 and 8 tokens a program
        for mine, each in zip(turned(programs), alone, strict=True):
            torch.testing.assert_close(mine, each, rtol=within, atol=within / 64)


def test_a_bare_weight_keeps_its_scales_for_later_in_the_faithful_tier_alone(draw: Draw) -> None:
    x, scale, bias = draw(3, 64), draw(32, dtype=torch.float32).abs(), draw(32)
    weight = draw(32, 64).to(torch.float8_e4m3fn)
    bare = weight.to(HALF)
    product = faithful_linear(x, bare, scale, None)
    assert isinstance(product, Unscaled)
    assert torch.equal(product.data, torch.nn.functional.linear(x, bare))
    exact = (x.float() @ weight.float().T) * scale
    close(reference.finished(product), exact)
    finished = faithful_linear(x, bare, scale, bias)
    assert isinstance(finished, Tensor)
    torch.testing.assert_close(finished.float(), exact + bias.float(), rtol=2**-6, atol=0.1)
    with pytest.raises(TypeError, match="faithful"):
        scaled_linear(x, bare, scale, None)
