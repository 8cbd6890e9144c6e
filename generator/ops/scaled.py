"""``linear`` on a GPU: e4m3 products by ``torch._scaled_mm``, or bf16 ones of a decoded weight."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from generator.ops import reference
from generator.ops.kernels.decode import decode
from generator.ops.kernels.quantise import per_row
from generator.ops.kinds import E4M3, Activation, Product, Quantised
from generator.ops.quantise import DECODED_AHEAD


def faithful_linear(
    x: Activation, weight_OF: Tensor, weight_scale_O: Tensor | None, bias_O: Tensor | None
) -> Product:
    """See ``reference.linear``."""
    if isinstance(x, Quantised):
        raise TypeError("a product of a decoded weight takes numbers that are not rounded to e4m3")
    return reference.linear(x, *decoded(weight_OF, weight_scale_O, x.dtype), bias_O)


def decoded(
    weight_OF: Tensor, weight_scale_O: Tensor | None, dtype: torch.dtype
) -> tuple[Tensor, Tensor | None]:
    """A weight in ``dtype`` and what scales its product still wants: those of bare weights."""
    if weight_scale_O is not None and weight_OF.dtype is E4M3:
        return decode(weight_OF, weight_scale_O, dtype), None
    return weight_OF, weight_scale_O


def scaled_linear(
    x: Activation, weight_OF: Tensor, weight_scale_O: Tensor | None, bias_O: Tensor | None
) -> Tensor:
    """See ``quantise.linear``. Both widths of an e4m3 weight are multiples of 16."""
    if weight_scale_O is None:
        if isinstance(x, Quantised):
            x = (x.data.to(x.dtype) * x.scale).to(x.dtype)
        return F.linear(x, weight_OF, bias_O)
    if weight_OF.dtype is not E4M3:
        raise TypeError(DECODED_AHEAD)
    if not isinstance(x, Quantised):
        x = per_row(x)
    rows = x.data.reshape(-1, x.data.shape[-1])
    out = torch._scaled_mm(  # noqa: SLF001 - the public one asks more and gives the same
        rows,
        weight_OF.t(),
        scale_a=x.scale.reshape(-1, 1),
        scale_b=weight_scale_O.reshape(1, -1),
        out_dtype=x.dtype,
        use_fast_accum=True,
    )
    if bias_O is not None:
        out = out + bias_O
    return out.reshape(*x.data.shape[:-1], -1)
