from __future__ import annotations

import logging
from typing import Any

import pytest

from generator.errors import RequestError
from generator.parity import PARITY, numerics
from generator.request import Course, assign_seeds, chart, check_size
from generator.sampling import PRESETS, T_MAX

CALL: dict[str, Any] = {
    "preset": None,
    "num_inference_steps": 50,
    "cfg_scale": 7.0,
    "denoising_strength": 1.0,
    "height": 1024,
    "width": 1024,
    "numerics": numerics("recommended"),
}


def course(**changes: Any) -> Course:
    return chart(**CALL | changes)


def test_grid_of_a_size() -> None:
    assert check_size(1024, 2048, 16) == (64, 128)


@pytest.mark.parametrize(
    ("height", "width", "message"),
    [
        (1000, 1024, "1024x1000 is not made of multiples of 16; 1024x992 is"),
        (0, 1024, "1024x0 is not made of multiples"),
        (-16, 16, "is not made of multiples"),
        (2064, 1024, "1024x2064 is above 2048 pixels a side"),
        (256, 1552, "1552x256 is longer than 6:1"),
    ],
)
def test_sizes_that_are_refused(height: int, width: int, message: str) -> None:
    with pytest.raises(RequestError, match=message):
        check_size(height, width, 16)


def test_small_sizes_are_warned_about(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        check_size(256, 256, 16)
        assert not caplog.text
        check_size(240, 256, 16)
    assert "the size 256x240 is below 256 pixels a side" in caplog.text


def test_steps_and_constant_guidance() -> None:
    ours = course(num_inference_steps=10, cfg_scale=4.5)
    assert ours.guidance == (4.5,) * 10
    assert len(ours.times) == 11
    assert ours.times[-1] == pytest.approx(T_MAX)


def test_48_steps_are_the_quality_schedule() -> None:
    assert course(num_inference_steps=48).times == course(preset="V4_QUALITY_48").times


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_brings_everything(preset: str) -> None:
    ours = course(preset=preset, num_inference_steps=3, cfg_scale=1.0)
    assert ours.guidance == PRESETS[preset].guidance
    assert len(ours.times) == PRESETS[preset].num_steps + 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"preset": "V5"}, "preset is 'V5', expected one of V4_QUALITY_48"),
        ({"num_inference_steps": 0}, "num_inference_steps is 0"),
        ({"cfg_scale": float("nan")}, "cfg_scale is nan"),
        ({"denoising_strength": 1.1}, "denoising_strength is 1.1"),
        ({"denoising_strength": -0.1}, "denoising_strength is -0.1"),
    ],
)
def test_parameters_that_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        course(**changes)


def test_parity_modes() -> None:
    with pytest.raises(RequestError, match="expected one of recommended, official, diffsynth"):
        numerics("comfy")
    assert course(numerics=PARITY["diffsynth"]).times[-1] == 1.0
    assert course(numerics=PARITY["official"]).times == course().times


def test_seeds() -> None:
    recommended, official = PARITY["recommended"], PARITY["official"]
    assert assign_seeds(5, 3, recommended) == [5, 6, 7]
    assert assign_seeds([9, 2], 2, recommended) == [9, 2]
    assert assign_seeds(None, 1, recommended) != assign_seeds(None, 1, recommended)
    assert assign_seeds(None, 1, official) == [67280421310721]
    with pytest.raises(RequestError, match="2 seeds for 3 prompts"):
        assign_seeds([1, 2], 3, recommended)
    with pytest.raises(RequestError, match="seed is -1"):
        assign_seeds(-1, 1, recommended)
