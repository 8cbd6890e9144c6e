"""The whole engine on a small checkpoint."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from generator import Ideogram4Pipeline
from generator.denoise import NegativeBranch
from generator.errors import CancelledError, RequestError
from generator.model.rope import inverse_frequencies, mrope
from generator.packing import image_positions, pack
from generator.progress import Progress
from generator.sampling import draw_noise, schedule

CAPTION = '{"high_level_description":"a red fox"}'
SMALL: dict[str, Any] = {"height": 48, "width": 64, "num_inference_steps": 2, "seed": 3}


@pytest.fixture
def latents(pipeline: Ideogram4Pipeline, monkeypatch: pytest.MonkeyPatch) -> list[torch.Tensor]:
    """The latents that each picture of a call was decoded from."""
    seen: list[torch.Tensor] = []
    decode = pipeline._decode

    def spy(tokens: torch.Tensor, grid: tuple[int, int]) -> Image.Image:
        seen.append(tokens.clone())
        return decode(tokens, grid)

    monkeypatch.setattr(pipeline, "_decode", spy)
    return seen


@torch.no_grad()
def two_steps_by_hand(pipe: Ideogram4Pipeline, grid: tuple[int, int], scale: float) -> torch.Tensor:
    net, uncond = pipe.transformer, pipe.unconditional
    assert uncond is not None
    ids = pipe.tokenizer.encode(CAPTION)
    text = net.project_text(pipe.text_encoder(torch.tensor([ids])))
    config = net.config
    inv_freq = inverse_frequencies(config.attention_head_dim, config.rope_theta)
    positions = pack(ids, grid).positions_L3[None], image_positions(grid)[None]
    ropes = [mrope(p, inv_freq, config.mrope_section, torch.float32) for p in positions]
    z = draw_noise(3, grid[0] * grid[1], config.in_channels)
    times = schedule(2, 48, 64)
    for t, t_next in ((times[0], times[1]), (times[1], times[2])):
        now = torch.tensor([t])
        v_c = net(z, text, net.modulation(now), ropes[0])
        v_u = uncond(z, None, uncond.modulation(now), ropes[1])
        z = z + (v_u + scale * (v_c - v_u)) * (t_next - t)
    return z


def test_two_steps(pipeline: Ideogram4Pipeline, latents: list[torch.Tensor]) -> None:
    image = pipeline(CAPTION, cfg_scale=4.0, **SMALL)
    expected = two_steps_by_hand(pipeline, (3, 4), 4.0)
    torch.testing.assert_close(latents[0], expected, rtol=1e-4, atol=1e-4)
    assert image.size == (64, 48)
    assert image.mode == "RGB"


def test_a_seed_gives_the_same_picture_alone_and_in_a_list(pipeline: Ideogram4Pipeline) -> None:
    both = pipeline(["first", CAPTION], **SMALL)
    alone = pipeline(CAPTION, **SMALL | {"seed": 4})
    assert [image.info["seed"] for image in both] == [3, 4]
    assert alone.info["seed"] == 4
    assert both[1].tobytes() == alone.tobytes()
    assert both[0].tobytes() != both[1].tobytes()


def test_without_a_seed_the_picture_tells_the_one_it_got(pipeline: Ideogram4Pipeline) -> None:
    image = pipeline(CAPTION, **SMALL | {"seed": None})
    again = pipeline(CAPTION, **SMALL | {"seed": image.info["seed"]})
    assert again.tobytes() == image.tobytes()


def test_a_negative_prompt_steers_through_the_conditional_model(
    pipeline: Ideogram4Pipeline, latents: list[torch.Tensor]
) -> None:
    pipeline(CAPTION, **SMALL)
    pipeline(CAPTION, negative_prompt="blurry", **SMALL)
    pipeline(CAPTION, negative_prompt="text", **SMALL)
    pipeline(CAPTION, negative_prompt=CAPTION, cfg_scale=9.0, **SMALL)
    pipeline(CAPTION, cfg_scale=1.0, **SMALL)
    plain, blurry, text, itself, unguided = latents
    assert not torch.allclose(plain, blurry, atol=1e-3)
    assert not torch.allclose(blurry, text, atol=1e-3)
    # Away from the prompt itself is nowhere: guidance cancels out.
    torch.testing.assert_close(itself, unguided, rtol=1e-3, atol=1e-3)


def test_guidance_of_one_runs_no_negative_side(
    pipeline: Ideogram4Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []
    assert pipeline.unconditional is not None
    hook = pipeline.unconditional.register_forward_hook(lambda *_: calls.append(1))
    pipeline(CAPTION, cfg_scale=1.0, **SMALL)
    assert not calls
    pipeline(CAPTION, cfg_scale=2.0, **SMALL)
    assert len(calls) == 2
    hook.remove()


def test_text_is_encoded_once(pipeline: Ideogram4Pipeline) -> None:
    calls: list[int] = []
    hook = pipeline.text_encoder.register_forward_hook(lambda *_: calls.append(1))
    pipeline("a caption that no other test draws", **SMALL | {"num_inference_steps": 5})
    hook.remove()
    assert len(calls) == 1


def test_without_the_unconditional_model(small_checkpoint: Path) -> None:
    pipe = Ideogram4Pipeline.from_pretrained(
        small_checkpoint, device="cpu", torch_dtype=torch.float32, unconditional=False
    )
    assert pipe.unconditional is None
    lengths: list[int] = []
    pipe.transformer.register_forward_pre_hook(
        lambda _m, args: lengths.append(0 if args[1] is None else args[1].shape[1])
    )
    pipe(CAPTION, **SMALL)
    tokens = len(pipe.tokenizer.encode(CAPTION))
    assert lengths == [tokens, 0, tokens, 0]


def test_denoising_strength_moves_away_from_the_input(pipeline: Ideogram4Pipeline) -> None:
    gradient = np.linspace(0, 255, 64 * 48 * 3).reshape(48, 64, 3).astype(np.uint8)
    picture = Image.fromarray(gradient)
    clean = pipeline._encode_image(picture, 48, 64)
    kept = np.asarray(pipeline._decode(clean, (3, 4)), dtype=float)

    def distance(strength: float) -> float:
        image = pipeline(CAPTION, input_image=picture, denoising_strength=strength, **SMALL)
        return float(np.abs(np.asarray(image, dtype=float) - kept).mean())

    assert distance(0.0) < 1.0
    assert distance(0.0) < distance(0.1) < distance(1.0)


def test_input_images_of_any_size_are_fitted(pipeline: Ideogram4Pipeline) -> None:
    image = pipeline(CAPTION, input_image=Image.new("RGB", (500, 100), "red"), **SMALL)
    assert image.size == (64, 48)


def test_networks_run_with_their_device_as_the_current_one(
    pipeline: Ideogram4Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    depth = 0
    seen: list[int] = []

    @contextmanager
    def as_current(device: torch.device) -> Iterator[None]:
        nonlocal depth
        assert device == pipeline.device
        depth += 1
        yield
        depth -= 1

    monkeypatch.setattr("generator.pipeline.as_current", as_current)
    networks = (pipeline.transformer, pipeline.text_encoder, pipeline.unconditional)
    hooks = [
        network.register_forward_pre_hook(lambda *_: seen.append(depth))
        for network in networks
        if network is not None
    ]
    pipeline("a prompt of this test alone", **(SMALL | {"num_inference_steps": 1}))
    pipeline.encode_text(torch.tensor([1, 2]))
    for hook in hooks:
        hook.remove()
    assert len(seen) == 4
    assert min(seen) > 0


def test_progress_and_preview(pipeline: Ideogram4Pipeline) -> None:
    seen: list[tuple[int, int, int]] = []
    previews: list[tuple[int, int]] = []

    def follow(progress: Progress) -> None:
        seen.append((progress.image, progress.step, progress.num_steps))
        previews.append(pipeline.preview(progress).size)

    pipeline([CAPTION, "b"], callback=follow, **SMALL | {"height": 512, "width": 256})
    assert seen == [(0, 1, 2), (0, 2, 2), (1, 1, 2), (1, 2, 2)]
    assert set(previews) == {(128, 256)}


def test_the_last_estimate_is_nearly_the_picture(
    pipeline: Ideogram4Pipeline, latents: list[torch.Tensor]
) -> None:
    estimates: list[torch.Tensor] = []
    pipeline(CAPTION, callback=lambda p: estimates.append(p.state.estimate_BIC), **SMALL)
    assert (estimates[-1] - latents[0]).norm() < 0.02 * latents[0].norm()


def test_a_callback_cancels(pipeline: Ideogram4Pipeline) -> None:
    with pytest.raises(CancelledError, match="cancelled after step 1 of 2"):
        pipeline(CAPTION, callback=lambda progress: progress.step < 1, **SMALL)

    def interrupt(progress: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pipeline(CAPTION, callback=interrupt, **SMALL)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"height": 50}, "not made of multiples of 16"),
        ({"denoising_strength": 0.5}, "needs an input_image"),
        ({"prompt": "x" * 3000}, "the prompt has .* tokens"),
        ({"negative_prompt": "x" * 3000}, "the prompt has .* tokens"),
        ({"preset": "FAST"}, "preset is 'FAST'"),
        ({"rand_device": "gpu"}, "rand_device is 'gpu', expected cuda, cuda:N or cpu"),
    ],
)
def test_calls_that_are_refused_compute_nothing(
    pipeline: Ideogram4Pipeline, changes: dict[str, Any], message: str
) -> None:
    calls: list[int] = []
    hook = pipeline.text_encoder.register_forward_hook(lambda *_: calls.append(1))
    with pytest.raises(RequestError, match=message):
        pipeline(**{"prompt": CAPTION} | SMALL | changes)
    hook.remove()
    assert not calls


def test_bf16_stays_near_fp32(small_checkpoint: Path, pipeline: Ideogram4Pipeline) -> None:
    low = Ideogram4Pipeline.from_pretrained(
        small_checkpoint, device="cpu", torch_dtype=torch.bfloat16
    )
    usual = Ideogram4Pipeline.from_pretrained(small_checkpoint, device="cpu")
    assert (low.transformer.dtype, usual.transformer.dtype) == (torch.bfloat16, torch.float32)
    a, b = (np.asarray(p(CAPTION, **SMALL), dtype=float) for p in (low, pipeline))
    assert np.abs(a - b).mean() < 0.25 * b.std()


def test_the_call_has_the_parameters_of_the_reference(pipeline: Ideogram4Pipeline) -> None:
    parameters = inspect.signature(type(pipeline).__call__).parameters
    defaults = {name: each.default for name, each in parameters.items() if name != "self"}
    assert list(defaults.items()) == [
        ("prompt", inspect.Parameter.empty),
        ("negative_prompt", ""),
        ("cfg_scale", 7.0),
        ("input_image", None),
        ("denoising_strength", 1.0),
        ("height", 1024),
        ("width", 1024),
        ("seed", None),
        ("rand_device", "cpu"),
        ("num_inference_steps", 50),
        ("preset", None),
        ("callback", None),
    ]


def test_settings_are_checked_before_loading() -> None:
    with pytest.raises(RequestError, match="expected bfloat16 or float32"):
        Ideogram4Pipeline.from_pretrained("nowhere", torch_dtype=torch.float16)
    with pytest.raises(RequestError, match="tier is 'fats', expected faithful, fast, max"):
        Ideogram4Pipeline.from_pretrained("nowhere", tier="fats")
    with pytest.raises(RequestError, match="parity is 'comfy'"):
        Ideogram4Pipeline.from_pretrained("nowhere", parity="comfy")


@pytest.mark.parametrize("negative", ["", "blur"])
@pytest.mark.parametrize("side_by_side", [True, False])
def test_the_negative_pass_runs_beside_where_the_plan_says_so(
    pipeline: Ideogram4Pipeline,
    monkeypatch: pytest.MonkeyPatch,
    negative: str,
    *,
    side_by_side: bool,
) -> None:
    asked: list[NegativeBranch] = []

    def beside(branch: NegativeBranch, device: torch.device) -> NegativeBranch:
        assert device == pipeline.device
        asked.append(branch)
        return branch

    monkeypatch.setattr("generator.pipeline.beside", beside)
    monkeypatch.setattr(pipeline, "plan", replace(pipeline.plan, side_by_side=side_by_side))
    pipeline("a cat", negative, height=256, width=256, seed=1, num_inference_steps=1)
    assert len(asked) == side_by_side
