"""The primitives of the networks, one signature each, whichever code computes them.

A model is built with one :class:`Ops` and calls nothing else, so a faster set for a device can be
put in without touching the arithmetic. ``reference`` is the specification of every member.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from generator.ops import reference
from generator.ops.kinds import (
    Activation,
    Norm,
    Product,
    Quantised,
    Tier,
    Unscaled,
    last_queries,
)

__all__ = [
    "REFERENCE",
    "Activation",
    "Norm",
    "Ops",
    "Product",
    "Quantised",
    "Tier",
    "Unscaled",
    "last_queries",
    "resolve",
]


class NormRotate(Protocol):
    """The signature of ``reference.norm_rotate``."""

    def __call__(
        self,
        heads_BLXK: Product,
        heads: int,
        kv_heads: int,
        norm_q: Norm,
        norm_k: Norm,
        cos: Tensor,
        sin: Tensor,
    ) -> tuple[Activation, Activation, Activation]: ...


class Attention(Protocol):
    """The signature of ``reference.attention``."""

    def __call__(
        self,
        q_BLHK: Activation,
        k_BLGK: Activation,
        v_BLGK: Activation,
        key_mask_BL: Tensor | None = None,
        *,
        causal: bool = False,
    ) -> Tensor: ...


@dataclass(frozen=True)
class Ops:
    """A set of primitives and why it was chosen. See ``reference`` for what each one means."""

    tier: Tier
    reason: str
    linear: Callable[[Activation, Tensor, Tensor | None, Tensor | None], Product]
    norm_modulate: Callable[[Tensor, Norm, Tensor | None], Activation]
    gated_residual: Callable[[Tensor, Product, Norm, Tensor], Tensor]
    residual_norm: Callable[
        [Tensor, Product, Norm | None, Tensor | None, Norm, Tensor | None],
        tuple[Tensor, Activation],
    ]
    norm_rotate: NormRotate
    gated_linear: Callable[[Activation, Tensor, Tensor | None], Activation]
    attention: Attention
    text: Ops | None = None
    """The set for the text encoder where it is another one."""
    first_mlp: Ops | None = None
    """The set for the MLP of the first block where it is another one: all that follows multiplies
    its error, so that the tiers that round leave the input of its second product alone."""


REFERENCE = Ops(
    tier=Tier.FAITHFUL,
    reason="plain torch runs on every device and is differentiable",
    linear=reference.linear,
    norm_modulate=reference.norm_modulate,
    gated_residual=reference.gated_residual,
    residual_norm=reference.residual_norm,
    norm_rotate=reference.norm_rotate,
    gated_linear=reference.gated_linear,
    attention=reference.attention,
)


def resolve(
    device: torch.device, dtype: torch.dtype = torch.bfloat16, tier: Tier | None = None
) -> Ops:
    """The primitives for ``device``, with the reason for the choice.

    Called once per model, never inside a forward pass. Without a ``tier`` it is the fast one where
    the device has e4m3 products. A tier that the device cannot compute gives the next more
    faithful one.
    """
    from generator.ops.tiers import choose  # noqa: PLC0415 - the tiers are built of Ops

    return choose(device, dtype, tier)
