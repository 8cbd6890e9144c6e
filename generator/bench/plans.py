"""Each memory plan with the allocator capped: what it takes, and what a step costs with it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

import torch

from generator.bench.measure import Clock, peak_bytes
from generator.memory import PLANS
from generator.pipeline import Ideogram4Pipeline

GIB: Final = 1 << 30

CAPS: Final = {"24GB": ((1024, 20.0), (2048, 22.5)), "12GB": ((2048, 11.0),)}
"""GiB that a plan has to get by with, by the largest side that it holds for."""


def plan_names(device: torch.device) -> tuple[str, ...]:
    """A CPU has one memory, and one plan."""
    return PLANS if device.type == "cuda" else PLANS[:1]


def measure_plan(
    clock: Clock, make_pipeline: Callable[[], Ideogram4Pipeline], name: str, size: int, prompt: str
) -> dict[str, float | None]:
    """Seconds to load, gibibytes at the peak and milliseconds of a step, for a square picture.

    The allocator is capped at what the plan is for: a picture that is made has been made within.
    """
    device, cap = clock.device, _cap(name, size)
    with _capped(device, cap):
        made: list[Ideogram4Pipeline] = []
        load_ms = clock.wall(lambda: made.append(make_pipeline()))
        [pipeline] = made

        def picture(steps: int) -> None:
            pipeline(prompt, height=size, width=size, seed=0, num_inference_steps=steps)

        peak = peak_bytes(device, lambda: picture(2))
        two, four = (clock.wall(partial(picture, steps)) for steps in (2, 4))
    return {
        "load_s": load_ms / 1e3,
        "cap_gib": cap,
        "peak_gib": None if peak is None else peak / GIB,
        "step_ms": (four - two) / 2,
    }


def _cap(name: str, size: int) -> float | None:
    """GiB; None where the plan has no limit."""
    return next((cap for side, cap in CAPS.get(name, ()) if size <= side), None)


@contextmanager
def _capped(device: torch.device, cap: float | None) -> Iterator[None]:
    """Let torch have ``cap`` GiB of the device and no more."""
    gc.collect()
    if device.type != "cuda":
        yield
        return
    torch.cuda.empty_cache()
    total = torch.cuda.get_device_properties(device).total_memory
    bare = device == torch.device(device.type)
    index = torch.cuda.current_device() if bare else device.index
    torch.cuda.set_per_process_memory_fraction(1.0 if cap is None else cap * GIB / total, index)
    try:
        yield
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0, index)
