from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from generator.checkpoint import Part, open_checkpoint
from generator.model.layers import Linear

CPU = torch.device("cpu")


def test_fp8_keeps_its_bits_and_the_rest_takes_the_compute_dtype(small_checkpoint: Path) -> None:
    networks = open_checkpoint(small_checkpoint).load(CPU, torch.float32)
    file = load_file(small_checkpoint / "transformer" / "diffusion_pytorch_model.safetensors")
    state = networks.transformer.state_dict()
    w13 = state["layers.0.feed_forward.w13.weight"]
    parts = [file[f"layers.0.feed_forward.{name}.weight"] for name in ("w1", "w3")]
    assert torch.equal(w13.view(torch.uint8), torch.cat([p.view(torch.uint8) for p in parts]))
    assert state["layers.0.feed_forward.w13.weight_scale"].dtype == torch.float32
    assert state["input_proj.bias"].dtype == torch.float32
    for quantised in (networks.transformer, networks.text_encoder):
        linears = [m for m in quantised.modules() if isinstance(m, Linear)]
        assert all(linear.weight_scale is not None for linear in linears)
    for _, network in networks.by_part():
        assert not network.training
        assert not any(p.is_meta or p.requires_grad for p in network.parameters())


def test_the_unconditional_transformer_has_no_text_projection(small_checkpoint: Path) -> None:
    unconditional = open_checkpoint(small_checkpoint).load(CPU, torch.bfloat16).unconditional
    assert unconditional is not None
    assert unconditional.dtype == torch.bfloat16
    assert not any(name.startswith("llm_cond") for name in unconditional.state_dict())


def test_sizes_in_memory_are_known_before_loading(small_checkpoint: Path) -> None:
    checkpoint = open_checkpoint(small_checkpoint)
    networks = checkpoint.load(CPU, torch.bfloat16)
    for part, network in networks.by_part():
        stored = sum(t.numel() * t.element_size() for t in network.state_dict().values())
        assert checkpoint.nbytes(part) == stored
    assert open_checkpoint(small_checkpoint, unconditional=False).nbytes(Part.UNCONDITIONAL) == 0


def test_batch_norm_statistics_are_compared_and_not_used(
    small_checkpoint: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        networks = open_checkpoint(small_checkpoint).load(CPU, torch.float32)
    assert "bn.running_mean is up to 0.000" in caplog.text
    assert not any(name.startswith("bn.") for name in networks.autoencoder.state_dict())


def test_fingerprint_names_the_weights_and_not_the_folder(
    small_checkpoint: Path, checkpoint: Path
) -> None:
    before = open_checkpoint(small_checkpoint).fingerprint()
    assert open_checkpoint(checkpoint).fingerprint() == before
    path = checkpoint / "vae" / "diffusion_pytorch_model.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    assert open_checkpoint(checkpoint).fingerprint() != before


def test_loading_does_not_import_the_compiler(small_checkpoint: Path) -> None:
    script = (
        "import sys, torch\n"
        "from generator.checkpoint import open_checkpoint\n"
        "open_checkpoint(sys.argv[1]).load(torch.device('cpu'), torch.float32)\n"
        "print('torch._dynamo' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, small_checkpoint], capture_output=True, text=True, check=True
    )
    assert run.stdout == "False\n"
