"""Rotary position tables: one axis for the text encoder, three interleaved for the transformer.

Shape legend: B batch, L sequence, R = head channels / 2 frequencies.

Angles are always fp32: image positions start at 65536, where neighbouring bf16 numbers are 512
apart and all positions of a picture would fall together.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Rope:
    """``cos`` and ``sin`` of every token's angles, ``[B|1, L, R]``, in the compute dtype."""

    cos: Tensor
    sin: Tensor


def inverse_frequencies(head_dim: int, theta: float, device: torch.device | None = None) -> Tensor:
    """``theta ** (-2k / head_dim)`` for k = 0 .. R-1, fp32, computed on ``device``."""
    even_R = torch.arange(0, head_dim, 2, dtype=torch.float32, device=device)
    return 1.0 / (theta ** (even_R / head_dim))


def axis_of_frequency(section: tuple[int, int, int], count: int) -> Tensor:
    """Which position axis (0 time, 1 row, 2 column) turns each of ``count`` frequencies.

    Rows and columns take every third frequency from the fast end; time takes what is left. The
    first entry of ``section`` is not used (official ideogram4 modeling_ideogram4.py).
    """
    k = torch.arange(count)
    axis = torch.zeros(count, dtype=torch.long)
    axis[(k % 3 == 1) & (k < 3 * section[1])] = 1
    axis[(k % 3 == 2) & (k < 3 * section[2])] = 2
    return axis


def mrope(
    positions_BL3: Tensor, inv_freq_R: Tensor, section: tuple[int, int, int], dtype: torch.dtype
) -> Rope:
    """Tables for (time, row, column) positions; ``inv_freq_R`` is on the positions' device."""
    axis_R = axis_of_frequency(section, inv_freq_R.numel()).to(positions_BL3.device)
    angles_BLR = positions_BL3.float()[..., axis_R] * inv_freq_R.float()
    return Rope(angles_BLR.cos().to(dtype), angles_BLR.sin().to(dtype))


def rope(length: int, inv_freq_R: Tensor, dtype: torch.dtype) -> Rope:
    """Tables for the positions 0 .. length-1 of a plain sequence."""
    positions_L = torch.arange(length, dtype=torch.float32, device=inv_freq_R.device)
    angles_BLR = (positions_L[:, None] * inv_freq_R)[None]
    return Rope(angles_BLR.cos().to(dtype), angles_BLR.sin().to(dtype))
