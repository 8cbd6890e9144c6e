"""What the named parity modes change, one choice at a time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from generator import Ideogram4Pipeline
from generator.parity import PARITY, Numerics
from generator.sampling import draw_noise

CALL: dict[str, Any] = {"height": 32, "width": 32, "num_inference_steps": 2, "seed": 5}


def pipe_with(folder: Path, numerics: Numerics) -> Ideogram4Pipeline:
    pipe = Ideogram4Pipeline.from_pretrained(folder, device="cpu", torch_dtype=torch.bfloat16)
    pipe.numerics = numerics
    return pipe


def first_noise(pipe: Ideogram4Pipeline, count: int) -> list[torch.Tensor]:
    noises: list[torch.Tensor] = []
    pipe.transformer.register_forward_pre_hook(lambda _m, args: noises.append(args[0]))
    pipe(["a", "b"][:count], **CALL | {"num_inference_steps": 1, "cfg_scale": 1.0})
    return noises


def test_the_official_batch_is_one_draw(small_checkpoint: Path) -> None:
    official = first_noise(pipe_with(small_checkpoint, PARITY["official"]), 2)
    drawn = torch.randn(2, 4, 16, generator=torch.Generator().manual_seed(5))
    assert torch.equal(torch.cat(official), drawn)
    ours = first_noise(pipe_with(small_checkpoint, PARITY["recommended"]), 2)
    assert torch.equal(ours[0], draw_noise(5, 4, 16))
    assert torch.equal(ours[1], draw_noise(6, 4, 16))


def test_diffsynth_rounds_the_noise(small_checkpoint: Path) -> None:
    (noise,) = first_noise(pipe_with(small_checkpoint, PARITY["diffsynth"]), 1)
    assert torch.equal(noise, draw_noise(5, 4, 16).bfloat16().float())


def test_the_official_engine_rounds_rotary_frequencies(small_checkpoint: Path) -> None:
    tables = {}
    for name in ("recommended", "official"):
        pipe = pipe_with(small_checkpoint, PARITY[name])
        ropes: list[Any] = []
        pipe.transformer.register_forward_pre_hook(lambda _m, args, r=ropes: r.append(args[3]))
        pipe("a", **CALL)
        tables[name] = ropes[0].cos.float()
    # Frequency 1 of image positions: 65536 times a relative error of up to 2 ** -9.
    assert (tables["official"] - tables["recommended"]).abs().max() > 0.5


@pytest.mark.parametrize(
    "changed",
    [replace(Numerics(), bf16_latents=True), replace(Numerics(), pixels_in_compute_dtype=True)],
)
def test_each_choice_of_the_decoder_shows(small_checkpoint: Path, changed: Numerics) -> None:
    pipe = Ideogram4Pipeline.from_pretrained(
        small_checkpoint, device="cpu", torch_dtype=torch.float32
    )
    plain = pipe("a", **CALL)
    pipe.numerics = changed
    assert pipe("a", **CALL).tobytes() != plain.tobytes()
