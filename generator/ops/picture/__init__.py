"""The primitives of the autoencoder, one signature each, whichever code computes them.

``reference`` is the specification, in plain torch; ``fused`` puts a GPU's Triton kernels in its
place. They are resolved once per device.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from generator.ops.picture import reference
from generator.ops.picture.reference import Affine, GroupNorm
from generator.ops.support import obstacle

__all__ = ["PLAIN", "Affine", "GroupNorm", "PictureOps", "resolve_picture"]


class Apply(Protocol):
    """The signature of ``reference.apply``."""

    def __call__(self, x_BCHW: Tensor, affine: Affine, *, silu: bool = True) -> Tensor: ...


@dataclass(frozen=True)
class PictureOps:
    """A set of primitives and why it was chosen. See ``reference`` for what each one means."""

    name: str
    reason: str
    norm_affine: Callable[[Tensor, Tensor | None, GroupNorm], Affine]
    apply: Apply
    add_branch: Callable[[Tensor, Tensor, Tensor], Tensor]
    double: Callable[[Tensor, Tensor, Tensor], Tensor]
    attention: Callable[[Tensor, Tensor, Tensor], Tensor]
    memory_format: torch.memory_format = torch.contiguous_format
    """The order of a picture's numbers that suits the primitives."""


PLAIN = PictureOps(
    name="plain",
    reason="plain torch runs on every device and is differentiable",
    norm_affine=reference.norm_affine,
    apply=reference.apply,
    add_branch=reference.add_branch,
    double=reference.double,
    attention=reference.attention,
)


def resolve_picture(device: torch.device) -> PictureOps:
    """The primitives for ``device``; called once per autoencoder."""
    if obstacle(device) is not None:
        return PLAIN
    from generator.ops.picture import fused  # noqa: PLC0415 - Triton is not everywhere

    return PictureOps(
        name="fused",
        reason=f"Triton kernels in channels-last order on {torch.cuda.get_device_name(device)}",
        norm_affine=fused.norm_affine,
        apply=fused.apply,
        add_branch=fused.add_branch,
        double=fused.double,
        attention=fused.attention,
        memory_format=torch.channels_last,
    )
