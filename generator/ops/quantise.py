"""Rounding to e4m3 in plain torch: the specification of the fast and max tiers.

Shape legend: B batch, L sequence, H heads, G key/value heads, X = H + 2G, K head channels.
"""

from __future__ import annotations

from torch import Tensor

from generator.ops import reference
from generator.ops.kinds import E4M3, E4M3_MAX, Activation, Norm, Product, Quantised

DECODED_AHEAD = "a weight that was decoded ahead is for tier faithful, which rounds no activations"
SMALLEST_AMAX = 1e-12
"""Keeps the scale of a row of zeros above zero."""


def per_row(x: Tensor) -> Quantised:
    """One scale per row, so that its largest number is the largest of e4m3."""
    amax = x.abs().amax(-1, keepdim=True).float()
    return _round(x, amax.clamp(min=SMALLEST_AMAX) / E4M3_MAX)


def _round(x: Tensor, scale: Tensor) -> Quantised:
    return Quantised((x.float() / scale).clamp(-E4M3_MAX, E4M3_MAX).to(E4M3), scale, x.dtype)


def linear(
    x: Activation, weight_OF: Tensor, weight_scale_O: Tensor | None, bias_O: Tensor | None
) -> Tensor:
    """``reference.linear`` whose input is rounded to e4m3 where the weight's numbers are e4m3."""
    if weight_scale_O is not None:
        if weight_OF.dtype is not E4M3:
            raise TypeError(DECODED_AHEAD)
        if not isinstance(x, Quantised):
            x = per_row(x)
    return reference.finished(reference.linear(x, weight_OF, weight_scale_O, bias_O))


def norm_modulate(x_BLD: Tensor, norm: Norm, scale_B1D: Tensor | None) -> Quantised:
    """``reference.norm_modulate``, rounded."""
    return per_row(reference.norm_modulate(x_BLD, norm, scale_B1D))


def residual_norm(
    h_BLD: Tensor,
    branch_BLD: Product,
    post: Norm | None,
    gate_B1D: Tensor | None,
    pre: Norm,
    scale_B1D: Tensor | None,
) -> tuple[Tensor, Quantised]:
    """``reference.residual_norm``; the residual stream itself is not rounded."""
    h_BLD, normed = reference.residual_norm(h_BLD, branch_BLD, post, gate_B1D, pre, scale_B1D)
    return h_BLD, per_row(normed)


def gated_linear(x: Activation, weight_OF: Tensor, weight_scale_O: Tensor | None) -> Quantised:
    """``reference.gated_linear``, its input rounded as that of ``linear``, and rounded."""
    return per_row(unrounded_gated_linear(x, weight_OF, weight_scale_O))


def unrounded_gated_linear(
    x: Activation, weight_OF: Tensor, weight_scale_O: Tensor | None
) -> Tensor:
    """``gated_linear`` whose result is left as it is."""
    return reference.swiglu(linear(x, weight_OF, weight_scale_O, None))


def norm_rotate(
    heads_BLXK: Product,
    heads: int,
    kv_heads: int,
    norm_q: Norm,
    norm_k: Norm,
    cos: Tensor,
    sin: Tensor,
) -> tuple[Quantised, Quantised, Quantised]:
    """``reference.norm_rotate``, rounded with one scale per head.

    After the norm no number of a head can exceed ``K ** 0.5`` times the largest weight, rotated or
    not, so the scales of queries and keys follow from the weights alone. Values are measured.
    """
    q, k, v = reference.norm_rotate(heads_BLXK, heads, kv_heads, norm_q, norm_k, cos, sin)
    B = v.shape[0]
    amax_BG = v.abs().amax(dim=(1, 3)).float().clamp(min=SMALLEST_AMAX)
    return (
        _per_head(q, head_bound(norm_q).expand(B, heads)),
        _per_head(k, head_bound(norm_k).expand(B, kv_heads)),
        _per_head(v, amax_BG / E4M3_MAX),
    )


def _per_head(x_BLHK: Tensor, scale_BH: Tensor) -> Quantised:
    return Quantised(_round(x_BLHK, scale_BH[:, None, :, None]).data, scale_BH, x_BLHK.dtype)


def head_bound(norm: Norm) -> Tensor:
    """The scale of a normalised head, a scalar."""
    amax: Tensor = norm.weight.abs().max().float() * float(norm.weight.numel()) ** 0.5
    return amax.clamp(min=SMALLEST_AMAX) / E4M3_MAX
