"""``gated_linear`` on a GPU: a product and SwiGLU, in two kernels or fused into one."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from generator.ops.kernels.gated import gated_product, takes
from generator.ops.kernels.quantise import per_row
from generator.ops.kernels.swiglu import swiglu
from generator.ops.kinds import Activation, Product, Quantised
from generator.ops.scaled import decoded

FUSED_FROM = 4096
"""Rows of the input from which one kernel is faster than two."""

Linear = Callable[[Activation, Tensor, Tensor | None, Tensor | None], Product]
GatedLinear = Callable[[Activation, Tensor, Tensor | None], Activation]


def unfused(
    x: Activation,
    weight_OF: Tensor,
    weight_scale_O: Tensor | None,
    *,
    linear: Linear,
    quantise: bool,
) -> Activation:
    """See ``reference.gated_linear`` and ``quantise.gated_linear``."""
    return swiglu(linear(x, weight_OF, weight_scale_O, None), quantise=quantise)


def fused(
    x: Activation,
    weight_OF: Tensor,
    weight_scale_O: Tensor | None,
    *,
    quantise: bool,
    otherwise: GatedLinear,
) -> Activation:
    """The same; what is too short, or of a form that the kernel cannot read, goes ``otherwise``."""
    data = x.data if isinstance(x, Quantised) else x
    if data.numel() < FUSED_FROM * data.shape[-1]:
        return otherwise(x, weight_OF, weight_scale_O)
    if isinstance(x, Quantised):
        if weight_scale_O is None or not takes(x.data, weight_OF):
            return otherwise(x, weight_OF, weight_scale_O)
        product = gated_product(x.data, weight_OF, x.scale, weight_scale_O, x.dtype)
        # The scale of a row is known when all of its tiles are.
        return per_row(product) if quantise else product
    if quantise:
        return otherwise(x, weight_OF, weight_scale_O)
    weight_OF, weight_scale_O = decoded(weight_OF, weight_scale_O, x.dtype)
    if not takes(x, weight_OF):
        return otherwise(x, weight_OF, weight_scale_O)
    return gated_product(x, weight_OF, None, weight_scale_O, x.dtype)
