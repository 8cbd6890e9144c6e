"""Check the parameters of a call and turn them into times and guidance, before anything heavy."""

from __future__ import annotations

import logging
import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from generator.errors import RequestError
from generator.parity import Numerics
from generator.sampling import DEFAULT_MU, DEFAULT_STD, PRESETS, schedule
from promptkit.job import MAX_RATIO, MAX_SIDE, MIN_SIDE

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Course:
    """The way from noise to data: N + 1 times, and the guidance scale of each of the N steps."""

    times: tuple[float, ...]
    guidance: tuple[float, ...]


def check_size(height: int, width: int, multiple: int) -> tuple[int, int]:
    """The grid of image tokens (rows, columns) of a picture; RequestError if there is none."""
    size = f"{width}x{height}"
    if height < multiple or width < multiple or height % multiple or width % multiple:
        near = [max(multiple, round(side / multiple) * multiple) for side in (width, height)]
        raise RequestError(
            f"the size {size} is not made of multiples of {multiple}; {near[0]}x{near[1]} is"
        )
    if max(height, width) > MAX_SIDE:
        raise RequestError(f"the size {size} is above {MAX_SIDE} pixels a side")
    if max(height, width) > MAX_RATIO * min(height, width):
        raise RequestError(f"the size {size} is longer than {MAX_RATIO}:1")
    if min(height, width) < MIN_SIDE:
        log.warning("the size %s is below %d pixels a side; expect poor pictures", size, MIN_SIDE)
    return height // multiple, width // multiple


def chart(
    *,
    preset: str | None,
    num_inference_steps: int,
    cfg_scale: float,
    denoising_strength: float,
    height: int,
    width: int,
    numerics: Numerics,
) -> Course:
    """Times and guidance of a call.

    A ``preset`` brings its own steps, schedule and guidance. Without one, the schedule is that of
    V4_QUALITY_48 at ``num_inference_steps``, with ``cfg_scale`` throughout.
    """
    if preset is not None and preset not in PRESETS:
        raise RequestError(f"preset is {preset!r}, expected one of {', '.join(PRESETS)}")
    if num_inference_steps < 1:
        raise RequestError(f"num_inference_steps is {num_inference_steps}, expected at least 1")
    if not math.isfinite(cfg_scale):
        raise RequestError(f"cfg_scale is {cfg_scale}, expected a finite number")
    if not 0.0 <= denoising_strength <= 1.0:
        raise RequestError(f"denoising_strength is {denoising_strength}, expected 0 to 1")
    chosen = PRESETS.get(preset or "")
    steps = chosen.num_steps if chosen else num_inference_steps
    times = schedule(
        steps,
        height,
        width,
        mu=chosen.mu if chosen else DEFAULT_MU,
        std=chosen.std if chosen else DEFAULT_STD,
        denoising_strength=denoising_strength,
        quantile_dtype=numerics.quantile_dtype,
    )
    return Course(
        times=(*times[:-1], numerics.end_time),
        guidance=chosen.guidance if chosen else (cfg_scale,) * steps,
    )


def assign_seeds(seed: int | Sequence[int] | None, count: int, numerics: Numerics) -> list[int]:
    """One seed for each picture, so that each can be made again by itself.

    A list is taken as it is; a number counts up from picture to picture; None draws a number.
    """
    if seed is None:
        seed = numerics.seed_when_none
    if seed is None:
        seed = secrets.randbelow(2**32)
    seeds = [seed + index for index in range(count)] if isinstance(seed, int) else list(seed)
    if len(seeds) != count:
        raise RequestError(f"{len(seeds)} seeds for {count} prompts")
    for value in seeds:
        if not 0 <= value < 2**63:
            raise RequestError(f"seed is {value}, expected 0 to 2**63 - 1")
    return seeds
