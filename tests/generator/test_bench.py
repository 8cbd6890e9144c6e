"""``python -m generator bench`` on the small checkpoint: every part, and figures that make sense."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from generator.bench import kernels, roof
from generator.bench.measure import Clock
from generator.bench.networks import in_fp32, in_tier, random_networks
from generator.bench.options import PARTS
from generator.bench.roof import Roof, attention_flops, matrices, roof_ms
from generator.bench.steps import make_work
from generator.cli import main
from generator.config import TransformerConfig
from generator.model.transformer import Transformer
from generator.ops import REFERENCE, Tier, tiers
from generator.ops.picture import PLAIN
from generator.testing import SMALL

CPU = torch.device("cpu")


@pytest.fixture
def lines(small_checkpoint: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    options = ["--quick", "--sizes", "64", "--text-tokens", "24", "--device", "cpu"]
    assert main(["bench", "--model", str(small_checkpoint), *options]) == 0
    return capsys.readouterr().out.splitlines()


def test_every_part_is_printed_and_the_last_line_is_json(lines: list[str]) -> None:
    results = json.loads(lines[-1])
    assert list(results) == ["machine", *PARTS]
    assert [line.split()[0] for line in lines[:-1]] == sorted(
        (line.split()[0] for line in lines[:-1]), key=["machine", *PARTS].index
    )
    for step in results["step"]:
        assert step["size"] == 64
        # A CPU computes every tier faithfully and says so.
        assert step["runs"] == "faithful"
        assert min(step["cond_ms"], step["uncond_ms"], step["step_ms"], step["roof_ms"]) > 0
    assert {entry["batch"] for entry in results["table"]} == {1, 2}
    assert not any("cond_ms" in entry for entry in results["table"])
    assert all(entry["guided"] < 1e-5 for entry in results["errors"])
    assert results["machine"]["text_tokens"] == 24


@pytest.mark.parametrize("part", ["encode", "image"])
def test_prompts_are_encoded_as_the_pipeline_does_it(
    small_checkpoint: Path, prompts_recorded: list[bool], part: str
) -> None:
    options = ["--parts", part, "--tiers", "fast", "--sizes", "64", "--text-tokens", "24"]
    model = ["--quick", "--device", "cpu", "--model", str(small_checkpoint)]
    assert main(["bench", *options, *model]) == 0
    assert prompts_recorded == [True]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--parts", "roof,steps"], "--parts has 'steps', expected some of roof,"),
        (["--tiers", "slow"], "--tiers has 'slow', expected some of faithful,fast,max"),
        (["--sizes", "100"], "--sizes is '100', expected multiples of 16"),
        (["--text-tokens", "0"], "--text-tokens is 0, expected at least 1"),
        (["--device", "cpu"], "random weights of the published sizes need a GPU"),
    ],
)
def test_what_cannot_be_measured_is_refused(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", *arguments]) == 2
    assert told in capsys.readouterr().err


def test_bare_weights_have_no_more_bits_than_e4m3_ones() -> None:
    bare = roof.as_e4m3(torch.randn(16, 64, dtype=torch.bfloat16))
    assert torch.equal(bare.to(torch.bfloat16).to(bare.dtype).float(), bare.float())
    assert bare.float().isfinite().all()
    assert len(torch.unique(bare.float())) > 50


def test_the_roof_is_flops_over_rates() -> None:
    config = TransformerConfig()
    assert matrices(config) == {
        "qkv": (4608, 13824),
        "o": (4608, 4608),
        "w13": (4608, 24576),
        "w2": (12288, 4608),
    }
    tokens = 5184
    flops = 2 * 8.663e9 * tokens
    rates = dict.fromkeys(matrices(config), 1000.0)
    roof = Roof(tokens, {"bf16": rates}, {"cudnn": 500.0, "fa3": 250.0, "fa3-e4m3": 1000.0})
    expected = flops / 1e12 + attention_flops(config, tokens) / 0.5e12
    assert roof_ms(roof, config, "faithful") == pytest.approx(expected, rel=1e-3)
    assert roof_ms(roof, config, "faithful", batch=4) == pytest.approx(4 * expected, rel=1e-3)
    assert roof_ms(roof, config, "fast") is None


def test_attention_flops_of_the_published_model() -> None:
    tokens = 4096 + 1088
    assert attention_flops(TransformerConfig(), tokens) == 4 * tokens**2 * 4608 * 34


def test_tiers_share_weights_and_differ_in_arithmetic() -> None:
    networks = random_networks(SMALL, CPU, torch.float32)
    plain = in_tier(networks, SMALL, REFERENCE, PLAIN)
    fast = in_tier(networks, SMALL, tiers.PLAIN[Tier.FAST], PLAIN)
    weight = "layers.0.attention.qkv.weight"
    storage = networks.transformer.get_parameter(weight).data_ptr()
    assert fast.transformer.get_parameter(weight).data_ptr() == storage
    assert plain.transformer.get_parameter(weight).dtype == torch.float8_e4m3fn
    pixels = SMALL.autoencoder.pixels_per_token
    with torch.inference_mode():
        works = [make_work(n, 64, 8, pixels_per_token=pixels) for n in (plain, fast)]
        ours = [work.cond() for work in works]
    assert not torch.equal(*ours)
    torch.testing.assert_close(*ours, rtol=0.2, atol=0.2)


def test_the_exact_network_decodes_weights_without_rounding() -> None:
    networks = random_networks(SMALL, CPU, torch.bfloat16)
    exact = in_fp32(networks.transformer)
    assert exact.dtype == torch.float32
    assert isinstance(exact, Transformer)
    layer = exact.get_submodule("layers.0.attention.o")
    source = networks.transformer.get_submodule("layers.0.attention.o")
    eye = torch.eye(layer.get_parameter("weight").shape[1])
    decoded = source.get_parameter("weight").float() * source.get_buffer("weight_scale")[:, None]
    torch.testing.assert_close(layer(eye), decoded.T, rtol=0, atol=0)


def test_a_median_is_of_single_calls_after_the_warm_ups() -> None:
    calls: list[int] = []
    assert Clock(CPU, repeats=3, warmups=2).median(lambda: calls.append(1)) >= 0
    assert len(calls) == 5


def test_kernels_are_named_after_what_they_compute() -> None:
    assert {"norm_modulate", "residual_norm", "swiglu", "norm_rotate"} <= set(kernels.KERNELS)
    assert all(kernel.__doc__ for kernel in kernels.KERNELS.values())


def test_fp8_rates_are_measured_where_the_engine_would_use_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(roof, "obstacle", lambda device: "a CPU" if device.type == "cpu" else None)
    for capability, expected in (((8, 6), False), ((8, 9), True), ((9, 0), True)):
        monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _, c=capability: c)
        assert roof.has_e4m3(torch.device("cuda")) is expected
        assert not roof.has_e4m3(torch.device("cpu"))
