"""The transformer against a restatement of its formulas, weight by weight."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from generator.model.rope import Rope, inverse_frequencies, mrope
from generator.model.transformer import Transformer
from generator.packing import pack
from generator.testing import SMALL, random_networks

CONFIG = SMALL.transformer
GRID = (2, 3)
TIME = 0.37
CLOSE = 1e-4
"""The first sinusoid's angle is 1e4 * t, of which fp32 knows 4 decimals."""


@pytest.fixture
def transformer() -> Transformer:
    return random_networks(SMALL).transformer


def tables(length: int) -> Rope:
    positions = pack(range(length), GRID).positions_L3[None]
    inv_freq = inverse_frequencies(CONFIG.attention_head_dim, CONFIG.rope_theta)
    return mrope(positions, inv_freq, CONFIG.mrope_section, torch.float32)


def rms(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    return x / (x.pow(2).mean(-1, keepdim=True) + eps).sqrt() * weight


def silu(x: Tensor) -> Tensor:
    return x * torch.sigmoid(x)


def restated(net: Transformer, x: Tensor, features: Tensor | None, t: float, rope: Rope) -> Tensor:
    """Velocity of one item: ``x`` is [I, C], ``features`` [T, F]."""
    w = {name: parameter.detach() for name, parameter in net.named_parameters()}

    def linear(name: str, value: Tensor) -> Tensor:
        out = value @ w[f"{name}.weight"].T
        return out + w[f"{name}.bias"] if f"{name}.bias" in w else out

    width = CONFIG.hidden_size
    half = width // 2
    angles = torch.tensor(
        [1e4 * t * math.exp(-i * math.log(1e4) / (half - 1)) for i in range(half)]
    )
    sinusoids = torch.cat((angles.sin(), angles.cos()))
    embedded = linear("t_embedding.mlp_out", silu(linear("t_embedding.mlp_in", sinusoids)))
    adaln = silu(linear("adaln_proj", embedded))

    role = w["embed_image_indicator.weight"]
    h = linear("input_proj", x) + role[1]
    if features is not None:
        text = linear("llm_cond_proj", rms(features, w["llm_cond_norm.weight"], 1e-6)) + role[0]
        h = torch.cat((text, h))

    heads, size = CONFIG.num_attention_heads, CONFIG.attention_head_dim
    for n in range(CONFIG.num_layers):
        layer = f"layers.{n}."
        modulation = linear(f"{layer}adaln_modulation", adaln)
        scale1, gate1, scale2, gate2 = modulation.chunk(4)

        y = rms(h, w[f"{layer}attention_norm1.weight"], CONFIG.norm_eps) * (1 + scale1)
        q, k, v = linear(f"{layer}attention.qkv", y).chunk(3, dim=-1)
        joined = []
        for head in range(heads):
            part = slice(head * size, (head + 1) * size)
            qh = turn(rms(q[:, part], w[f"{layer}attention.norm_q.weight"], 1e-5), rope)
            kh = turn(rms(k[:, part], w[f"{layer}attention.norm_k.weight"], 1e-5), rope)
            joined.append((qh @ kh.T / math.sqrt(size)).softmax(-1) @ v[:, part])
        y = linear(f"{layer}attention.o", torch.cat(joined, -1))
        y = rms(y, w[f"{layer}attention_norm2.weight"], CONFIG.norm_eps)
        h = h + torch.tanh(gate1) * y

        y = rms(h, w[f"{layer}ffn_norm1.weight"], CONFIG.norm_eps) * (1 + scale2)
        w1, w3 = w[f"{layer}feed_forward.w13.weight"].chunk(2)
        y = linear(f"{layer}feed_forward.w2", silu(y @ w1.T) * (y @ w3.T))
        y = rms(y, w[f"{layer}ffn_norm2.weight"], CONFIG.norm_eps)
        h = h + torch.tanh(gate2) * y

    scale = 1 + linear("final_layer.adaln_modulation", silu(adaln))
    centred = h - h.mean(-1, keepdim=True)
    normed = centred / (centred.pow(2).mean(-1, keepdim=True) + 1e-6).sqrt()
    return linear("final_layer.linear", normed * scale)[-len(x) :]


def turn(x: Tensor, rope: Rope) -> Tensor:
    a, b = x.chunk(2, dim=-1)
    cos, sin = rope.cos[0], rope.sin[0]
    return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)


@torch.no_grad()
def test_velocity_with_text(transformer: Transformer) -> None:
    x, features = torch.randn(6, CONFIG.in_channels), torch.randn(4, CONFIG.llm_features_dim)
    rope = tables(4)
    text = transformer.project_text(features[None])
    out = transformer(x[None], text, transformer.modulation(torch.tensor([TIME])), rope)
    expected = restated(transformer, x, features, TIME, rope)
    torch.testing.assert_close(out[0], expected, rtol=CLOSE, atol=CLOSE)


@torch.no_grad()
def test_velocity_without_text(transformer: Transformer) -> None:
    x = torch.randn(6, CONFIG.in_channels)
    out = transformer(x[None], None, transformer.modulation(torch.tensor([TIME])), tables(0))
    expected = restated(transformer, x, None, TIME, tables(0))
    torch.testing.assert_close(out[0], expected, rtol=CLOSE, atol=CLOSE)


@torch.no_grad()
def test_modulation_of_all_steps_is_that_of_each(transformer: Transformer) -> None:
    times = torch.tensor([0.1, 0.4, 0.9])
    together, alone = transformer.modulation(times).at(1), transformer.modulation(times[1:2])
    torch.testing.assert_close(together.final_scale, alone.final_scale)
    torch.testing.assert_close(together.blocks[1].mlp_gate, alone.blocks[1].mlp_gate)
    assert len(together.blocks) == CONFIG.num_layers


@torch.no_grad()
def test_time_is_rounded_to_the_compute_dtype(transformer: Transformer) -> None:
    low = transformer.bfloat16()
    exact, rounded = torch.tensor([0.7013]), torch.tensor([0.7013]).bfloat16().float()
    torch.testing.assert_close(
        low.modulation(exact).final_scale, low.modulation(rounded).final_scale, rtol=0, atol=0
    )


@torch.no_grad()
def test_padding_behind_a_key_mask_changes_nothing(transformer: Transformer) -> None:
    x, text = torch.randn(1, 6, CONFIG.in_channels), torch.randn(1, 4, CONFIG.hidden_size)
    modulation, rope = transformer.modulation(torch.tensor([TIME])), tables(4)
    padded_text = torch.cat((torch.randn(1, 2, CONFIG.hidden_size), text), dim=1)
    padded_rope = Rope(
        *(
            torch.cat((torch.ones(1, 2, table.shape[-1]), table), 1)
            for table in (rope.cos, rope.sin)
        )
    )
    mask = torch.tensor([[False] * 2 + [True] * 10])
    torch.testing.assert_close(
        transformer(x, padded_text, modulation, padded_rope, mask),
        transformer(x, text, modulation, rope),
    )


def test_a_model_built_from_a_config_trains(transformer: Transformer) -> None:
    x, features = torch.randn(2, 6, CONFIG.in_channels), torch.randn(2, 4, CONFIG.llm_features_dim)
    modulation = transformer.modulation(torch.tensor([0.2, 0.8]))
    out = transformer(x, transformer.project_text(features), modulation, tables(4))
    out.square().mean().backward()
    for name, parameter in transformer.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().sum() > 0, name


def test_velocity_is_fp32_whatever_the_compute_dtype(transformer: Transformer) -> None:
    low = transformer.bfloat16()
    rope = Rope(tables(0).cos.bfloat16(), tables(0).sin.bfloat16())
    out = low(
        torch.randn(1, 6, CONFIG.in_channels), None, low.modulation(torch.tensor([0.5])), rope
    )
    assert out.dtype == torch.float32
