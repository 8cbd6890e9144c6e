"""The two parametrised layers that the transformer and the text encoder share."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from generator.ops import REFERENCE, Activation, Norm, Ops, Product, reference


class Linear(nn.Module):
    """A linear layer whose weight is plain floats or e4m3 with one fp32 scale per row.

    It is built with plain floats, which train. A loader may put in an e4m3 ``weight`` and its
    ``weight_scale``. Several matrices that read the same input are packed by rows: ``rows`` is how
    many rows each of them has, in order, so that a loader can fill them from separate tensors.

    ``ops`` is given where one of its primitives reads the product, which can apply the scales.
    Such a weight may also be bare: e4m3 numbers as plain floats, their ``weight_scale`` beside
    them. Of the last ``direct`` rows the product is read by something that cannot; a loader
    leaves only the first ``bare_rows`` bare and sets the other rows' scales to one.
    """

    weight_scale: Tensor | None

    def __init__(
        self,
        in_features: int,
        *rows: int,
        bias: bool = False,
        ops: Ops | None = None,
        direct: int = 0,
    ) -> None:
        super().__init__()
        self.rows = rows
        self.ops = REFERENCE if ops is None else ops
        self.bare_rows = 0 if ops is None else sum(rows) - direct
        self.weight = nn.Parameter(torch.empty(sum(rows), in_features))
        self.register_buffer("weight_scale", None)
        self.bias = nn.Parameter(torch.zeros(sum(rows))) if bias else None
        nn.init.normal_(self.weight, std=in_features**-0.5)

    def forward(self, x: Activation) -> Product:
        return self.ops.linear(x, self.weight, self.weight_scale, self.bias)

    def gated(self, x: Activation) -> Activation:
        """SwiGLU of ``forward``, where the rows are those of gates, then as many of ups."""
        return self.ops.gated_linear(x, self.weight, self.weight_scale)


class RMSNorm(nn.Module):
    """The weight of an RMSNorm and its epsilon; ``forward`` is the norm by itself."""

    def __init__(self, dim: int, eps: float) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(dim))

    @property
    def norm(self) -> Norm:
        """What the primitives take."""
        return Norm(self.weight, self.eps)

    def forward(self, x: Tensor) -> Tensor:
        return reference.rms_norm(x, self.norm)
