"""The text stack against transformers' Qwen3-VL, layer outputs and order of channels."""

from __future__ import annotations

import os

import pytest
import torch

from generator.bench import networks as bench_networks
from generator.config import TextEncoderConfig
from generator.model.rope import inverse_frequencies
from generator.model.text_encoder import TextEncoder
from generator.ops import Tier, tiers
from generator.ops.picture import PLAIN
from generator.testing import SMALL, random_networks

CONFIG = SMALL.text_encoder


@pytest.fixture
def encoder() -> TextEncoder:
    return random_networks(SMALL).text_encoder


def layer_outputs_of_transformers(encoder: TextEncoder, ids: torch.Tensor) -> list[torch.Tensor]:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    transformers = pytest.importorskip("transformers.models.qwen3_vl.modeling_qwen3_vl")
    config = transformers.Qwen3VLTextConfig(
        vocab_size=CONFIG.vocab_size,
        hidden_size=CONFIG.hidden_size,
        intermediate_size=CONFIG.intermediate_size,
        num_hidden_layers=CONFIG.num_hidden_layers,
        num_attention_heads=CONFIG.num_attention_heads,
        num_key_value_heads=CONFIG.num_key_value_heads,
        head_dim=CONFIG.head_dim,
        rms_norm_eps=CONFIG.rms_norm_eps,
        rope_parameters={
            "rope_type": "default",
            "rope_theta": CONFIG.rope_theta,
            "mrope_section": [2, 2, 2],
            "mrope_interleaved": True,
        },
    )
    reference = transformers.Qwen3VLTextModel(config).eval()
    state: dict[str, torch.Tensor] = {}
    heads, kv = CONFIG.num_attention_heads, CONFIG.num_key_value_heads
    rows = [n * CONFIG.head_dim for n in (heads, kv, kv)]
    for name, parameter in encoder.state_dict().items():
        if "qkv_proj" in name:
            parts = torch.split(parameter, rows)
            state |= {name.replace("qkv", x): p for x, p in zip("qkv", parts, strict=True)}
        elif "gate_up_proj" in name:
            parts = parameter.chunk(2)
            names = ("gate", "up")
            state |= {name.replace("gate_up", x): p for x, p in zip(names, parts, strict=True)}
        else:
            state[name] = parameter
    missing, unexpected = reference.load_state_dict(state, strict=False)
    assert missing == ["norm.weight"]
    assert not unexpected
    outputs: list[torch.Tensor] = []
    for layer in reference.layers:
        layer.register_forward_hook(lambda _m, _a, out: outputs.append(out))
    reference(input_ids=ids)
    return outputs


@torch.no_grad()
def test_features_are_the_layers_of_transformers(encoder: TextEncoder) -> None:
    ids = torch.randint(0, CONFIG.vocab_size, (1, 17))
    features = encoder(ids)
    layers = layer_outputs_of_transformers(encoder, ids)
    taps = [layers[index] for index in CONFIG.tap_layers]
    assert features.shape == (1, 17, CONFIG.features_dim)
    for n, tap in enumerate(taps):
        torch.testing.assert_close(features[..., n :: len(taps)], tap, rtol=1e-5, atol=1e-5)


@torch.no_grad()
def test_channels_are_hidden_major(encoder: TextEncoder) -> None:
    outputs: dict[int, torch.Tensor] = {}
    for index, layer in enumerate(encoder.layers):
        layer.register_forward_hook(lambda _m, _a, out, i=index: outputs.update({i: out[0]}))
    features = encoder(torch.tensor([[1, 2, 3]]))
    taps = len(CONFIG.tap_layers)
    for hidden in range(CONFIG.hidden_size):
        for n, index in enumerate(CONFIG.tap_layers):
            expected = outputs[index][0, :, hidden]
            assert torch.equal(features[0, :, hidden * taps + n], expected)


@torch.no_grad()
def test_text_is_read_forwards(encoder: TextEncoder) -> None:
    short, long = torch.tensor([[5, 6, 7]]), torch.tensor([[5, 6, 7, 8]])
    torch.testing.assert_close(encoder(long)[:, :3], encoder(short))


def test_rotary_tables_are_made_where_the_text_is(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[torch.device | None] = []

    def frequencies(
        head_dim: int, theta: float, device: torch.device | None = None
    ) -> torch.Tensor:
        asked.append(device)
        return inverse_frequencies(head_dim, theta, device)

    monkeypatch.setattr("generator.model.text_encoder.inverse_frequencies", frequencies)
    with torch.device("meta"):
        TextEncoder(CONFIG)(torch.ones((1, 3), dtype=torch.int64))
    assert asked == [torch.device("meta")]


def test_published_taps() -> None:
    config = TextEncoderConfig()
    assert config.tap_layers == (*range(0, 34, 3), 35)
    assert config.features_dim == 53248
    with torch.device("meta"):
        assert len(TextEncoder(config).layers) == 36
        assert len(TextEncoder(TextEncoderConfig(tap_layers=(2, 5))).layers) == 6


@torch.no_grad()
def test_rounded_arithmetic_stays_near() -> None:
    networks = bench_networks.random_networks(SMALL, torch.device("cpu"), torch.float32)
    ids = torch.randint(0, CONFIG.vocab_size, (1, 19))
    exact, rounded = (
        bench_networks.in_tier(networks, SMALL, tiers.PLAIN[tier], PLAIN).text_encoder(ids)
        for tier in (Tier.FAITHFUL, Tier.FAST)
    )
    error = torch.linalg.vector_norm(rounded - exact) / torch.linalg.vector_norm(exact)
    # e4m3 has four significant bits: about 3 % a product, which layers add up.
    assert 0.001 < error < 0.1
