"""The primitives of the networks, one signature each, whichever code computes them.

A model is built with one :class:`Ops` and calls nothing else, so a faster set for a device can be
put in without touching the arithmetic. ``reference`` is the specification of every member.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import torch
from torch import Tensor

from generator.ops import reference


class Attention(Protocol):
    """The signature of ``reference.attention``."""

    def __call__(
        self,
        q_BLHK: Tensor,
        k_BLGK: Tensor,
        v_BLGK: Tensor,
        key_mask_BL: Tensor | None = None,
        *,
        causal: bool = False,
    ) -> Tensor: ...


@dataclass(frozen=True)
class Ops:
    """A set of primitives and why it was chosen. See ``reference`` for what each one means."""

    name: str
    reason: str
    linear: Callable[[Tensor, Tensor, Tensor | None, Tensor | None], Tensor]
    rms_norm: Callable[[Tensor, Tensor, float], Tensor]
    norm_modulate: Callable[[Tensor, Tensor, float, Tensor], Tensor]
    gated_residual: Callable[[Tensor, Tensor, Tensor, float, Tensor], Tensor]
    norm_rotate: Callable[[Tensor, Tensor, float, Tensor, Tensor], Tensor]
    swiglu: Callable[[Tensor], Tensor]
    attention: Attention


REFERENCE = Ops(
    name="reference",
    reason="plain torch runs on every device and is differentiable",
    linear=reference.linear,
    rms_norm=reference.rms_norm,
    norm_modulate=reference.norm_modulate,
    gated_residual=reference.gated_residual,
    norm_rotate=reference.norm_rotate,
    swiglu=reference.swiglu,
    attention=reference.attention,
)


def resolve(device: torch.device) -> Ops:
    """The primitives for ``device``. Called once per model, never inside a forward pass."""
    return replace(REFERENCE, reason=f"plain torch, the only set for {device.type} so far")
