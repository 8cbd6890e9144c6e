"""What the two processes say to each other, in this order: Load, Ready, then any number of
Picture, Step and Done. Instead of Ready or Done there may be Failed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch

from generator.ops import Tier
from generator.parity import Numerics


@dataclass(frozen=True)
class Load:
    """Read the unconditional transformer of a checkpoint."""

    folder: Path
    device: torch.device
    dtype: torch.dtype
    tier: Tier
    decoded: bool
    """Whether fp8 weights are decoded ahead, as on the first device."""


@dataclass(frozen=True)
class Ready:
    """The network is there."""


@dataclass(frozen=True)
class Picture:
    """The steps from here on are of this picture."""

    grid: tuple[int, int]
    times: tuple[float, ...]
    numerics: Numerics


@dataclass(frozen=True)
class Step:
    """Answer the latents that have been put down."""

    number: int
    """Counts all steps, so that an answer that nobody waits for any more can be told."""
    step: int


@dataclass(frozen=True)
class Done:
    """The velocity of a step has been put down."""

    number: int


@dataclass(frozen=True)
class Failed:
    """What was asked last cannot be done."""

    words: str
    number: int = 0
    """Of the step that failed; 0 while loading."""


Request = Load | Picture | Step
Reply = Ready | Done | Failed
