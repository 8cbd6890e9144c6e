from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from promptkit.errors import UsageError
from promptkit.job import DEFAULT_PRESET, Job, size_problem


@pytest.mark.parametrize(
    "size",
    [(256, 256), (1024, 1024), (2048, 2048), (256, 1536), (2048, 352)],
)
def test_sizes_of_the_trained_range_are_accepted(size: tuple[int, int]) -> None:
    assert size_problem(*size) is None


@pytest.mark.parametrize(
    ("size", "words"),
    [
        ((1000, 1024), "multiples of 16; 1008x1024 would do"),
        ((240, 1024), "256 to 2048 pixels; 256x1024 would do"),
        ((4096, 1000), "256 to 2048 pixels; 2048x1008 would do"),
        ((256, 1552), "at most 6:1"),
        ((0, 0), "256x256 would do"),
    ],
)
def test_other_sizes_are_refused_with_one_that_would_do(size: tuple[int, int], words: str) -> None:
    problem = size_problem(*size)
    assert problem is not None
    assert words in problem
    with pytest.raises(UsageError, match=words.replace("(", r"\(")):
        Job.of(prompt="x", width=size[0], height=size[1])


@given(st.integers(-100, 5000), st.integers(-100, 5000))
def test_a_suggested_size_is_itself_accepted(width: int, height: int) -> None:
    problem = size_problem(width, height)
    if problem and "would do" in problem:
        suggested = problem.rpartition("; ")[2].removesuffix(" would do")
        again = size_problem(*map(int, suggested.split("x")))
        assert again is None or "6:1" in again


def test_the_sampling_is_written_out_in_every_job() -> None:
    assert Job(prompt="x").preset == DEFAULT_PRESET
    assert (Job(prompt="x", cfg_scale=3).num_inference_steps, Job(prompt="x").steps) == (50, 48)
    assert Job(prompt="x", num_inference_steps=4).cfg_scale == 7.0


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"seed": -1}, "seed"),
        ({"seed": True}, "seed"),
        ({"seed": 2**63}, "seed"),
        ({"width": 512.0}, "width"),
        ({"prompt": ""}, "prompt"),
        ({"stepps": 4}, "stepps: no such parameter"),
        ({"preset": "V4_DEFAULT_20", "cfg_scale": 7.0}, "preset brings its own"),
        ({"denoising_strength": 0.5}, "needs an input_image"),
        ({"cfg_scale": float("nan")}, "cfg_scale"),
        ({"num_inference_steps": 0}, "num_inference_steps"),
        ({"input_image": "no base64!"}, "input_image: is not base64"),
    ],
)
def test_what_does_not_fit_is_named(parameters: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        Job.of(**{"prompt": "x"} | parameters)


def test_a_job_cannot_be_changed_in_place() -> None:
    job = Job(prompt="x")
    with pytest.raises(ValidationError):
        job.seed = 5


def test_changes_keep_preset_and_steps_apart() -> None:
    job = Job(prompt="x", preset="V4_TURBO_12")
    assert job.with_(num_inference_steps=6).preset is None
    assert job.with_(cfg_scale=2.0).steps == 50
    assert job.with_(cfg_scale=2.0).with_(preset="V4_TURBO_12").cfg_scale is None
    assert job.with_(seed=3).preset == "V4_TURBO_12"
    with pytest.raises(UsageError, match="size"):
        job.with_(width=17)


def test_the_wire_form_is_lossless() -> None:
    job = Job(
        prompt='{"a":"é\\n"}',
        seed=7,
        input_image=bytes(range(256)),
        denoising_strength=0.25,
        parity="official",
    )
    assert Job.model_validate_json(job.model_dump_json()) == job


def test_the_key_names_the_job_and_nothing_else() -> None:
    job = Job(prompt="x", seed=1)
    assert job.key == Job(prompt="x", seed=1, preset=DEFAULT_PRESET).key
    others = {job.with_(**change).key for change in ({"seed": 2}, {"width": 512}, {"model": "m"})}
    assert len(others | {job.key}) == 4
