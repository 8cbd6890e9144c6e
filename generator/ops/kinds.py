"""What the primitives pass to each other.

Shape legend: as in ``reference``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

import torch
from torch import Tensor

E4M3 = torch.float8_e4m3fn
E4M3_MAX = 448.0
"""Largest e4m3 number; torch's cast gives NaN above it instead of saturating."""


class Tier(StrEnum):
    """How faithful the arithmetic is, from the most exact to the fastest."""

    FAITHFUL = "faithful"
    """bf16 products of the decoded weights, as the reference computes them or nearer to fp32."""
    FAST = "fast"
    """e4m3 products: each token's activations are rounded to e4m3 with a scale of their own, except
    for the second product of the first block's MLP."""
    MAX = "max"
    """As fast, and e4m3 attention with one scale per head."""


class Norm(NamedTuple):
    """The weight of an RMSNorm and its epsilon."""

    weight: Tensor
    eps: float


@dataclass(frozen=True)
class Quantised:
    """Numbers rounded to e4m3: ``data * scale``.

    ``scale`` is fp32: one per row ``[..., 1]`` as the input of ``linear``, one per head ``[B, H]``
    as the input of ``attention``. ``dtype`` is what results are written in.
    """

    data: Tensor
    scale: Tensor
    dtype: torch.dtype


Activation = Tensor | Quantised


def last_queries(q_BLHK: Activation, count: int) -> Activation:
    """The queries of the last ``count`` tokens; the scales of rounded ones are per head."""
    if isinstance(q_BLHK, Quantised):
        return replace(q_BLHK, data=q_BLHK.data[:, -count:])
    return q_BLHK[:, -count:]


@dataclass(frozen=True)
class Unscaled:
    """A product whose columns still want their scales: ``data * scale``.

    ``data`` is in the compute dtype. ``scale`` is fp32 in the shape of its last axes: ``[O]``, or
    heads and channels of a packed projection. Who reads the product next multiplies in fp32.
    """

    data: Tensor
    scale: Tensor

    def unflatten(self, dim: int, sizes: tuple[int, ...]) -> Unscaled:
        """As of a tensor, for the last axis: ``dim`` is -1."""
        return Unscaled(
            torch.unflatten(self.data, dim, sizes), torch.unflatten(self.scale, dim, sizes)
        )


Product = Tensor | Unscaled
"""What ``linear`` gives."""
