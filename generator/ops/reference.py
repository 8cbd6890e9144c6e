"""The primitives in plain torch: the specification that every faster form is tested against.

Shape legend: B batch, L sequence, D hidden, H heads, G key/value heads, X = H + 2G heads of a
packed projection, K head channels, O rows of a weight, F columns of a weight.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from generator.ops.kinds import E4M3, Activation, Norm, Product, Quantised, Unscaled


def decode(weight_OF: Tensor, weight_scale_O: Tensor, dtype: torch.dtype) -> Tensor:
    """An e4m3 weight in ``dtype``: scale rounded first, product second, as the official engine."""
    return weight_OF.to(dtype) * weight_scale_O.to(dtype)[:, None]


def linear(
    x: Activation, weight_OF: Tensor, weight_scale_O: Tensor | None, bias_O: Tensor | None
) -> Product:
    """``x @ weight.T + bias`` in the dtype of ``x``.

    With ``weight_scale_O``, one fp32 scale per row, the weight is e4m3 and decoded for the
    product, or holds bare e4m3 numbers as floats: then the scales are left to who reads the
    product, unless a bias comes on top of it.
    """
    if isinstance(x, Quantised):
        return _scaled(x, weight_OF, weight_scale_O, bias_O)
    if weight_scale_O is None:
        return F.linear(x, weight_OF, bias_O)
    if weight_OF.dtype is E4M3:
        return F.linear(x, decode(weight_OF, weight_scale_O, x.dtype), bias_O)
    product = Unscaled(F.linear(x, weight_OF), weight_scale_O)
    return product if bias_O is None else finished(product) + bias_O


def _scaled(
    x: Quantised, weight_OF: Tensor, weight_scale_O: Tensor | None, bias_O: Tensor | None
) -> Tensor:
    """The product of the e4m3 numbers in fp32, then both scales, then one rounding."""
    out = F.linear(x.data.float(), weight_OF.float()) * x.scale
    if weight_scale_O is not None:
        out = out * weight_scale_O
    return (out if bias_O is None else out + bias_O).to(x.dtype)


def finished(product: Product) -> Tensor:
    """The numbers of a product: its scales multiplied in fp32, then one rounding."""
    if isinstance(product, Unscaled):
        return (product.data.float() * product.scale).to(product.data.dtype)
    return product


def rms_norm(x: Tensor, norm: Norm) -> Tensor:
    """RMSNorm over the last axis, times the weight (not ``1 + weight``)."""
    return F.rms_norm(x, norm.weight.shape, norm.weight, norm.eps)


def norm_modulate(x_BLD: Tensor, norm: Norm, scale_B1D: Tensor | None) -> Tensor:
    """Pre-norm of a branch: RMSNorm, then the adaptive scale if any. There is no shift."""
    normed = rms_norm(x_BLD, norm)
    return normed if scale_B1D is None else normed * scale_B1D


def gated_residual(h_BLD: Tensor, branch_BLD: Product, norm: Norm, gate_B1D: Tensor) -> Tensor:
    """Post-norm of a branch, its gate, and the residual sum."""
    return h_BLD + gate_B1D * rms_norm(finished(branch_BLD), norm)


def residual_norm(
    h_BLD: Tensor,
    branch_BLD: Product,
    post: Norm | None,
    gate_B1D: Tensor | None,
    pre: Norm,
    scale_B1D: Tensor | None,
) -> tuple[Tensor, Tensor]:
    """The end of one branch and the beginning of the next: ``gated_residual``, then its pre-norm.

    Without ``post`` and ``gate`` the branch is added as it is.
    """
    branch_BLD = finished(branch_BLD)
    if post is not None:
        branch_BLD = rms_norm(branch_BLD, post)
    if gate_B1D is not None:
        branch_BLD = gate_B1D * branch_BLD
    h_BLD = h_BLD + branch_BLD
    return h_BLD, norm_modulate(h_BLD, pre, scale_B1D)


def rotate(x_BLHK: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotary embedding on the pairs ``(i, i + K/2)``; ``cos`` and ``sin`` are ``[B|1, L, K/2]``."""
    cos, sin = cos[:, :, None], sin[:, :, None]
    x1, x2 = x_BLHK.chunk(2, dim=-1)
    return torch.cat((x1 * cos - x2 * sin, x2 * cos + x1 * sin), dim=-1)


def norm_rotate(
    heads_BLXK: Product,
    heads: int,
    kv_heads: int,
    norm_q: Norm,
    norm_k: Norm,
    cos: Tensor,
    sin: Tensor,
) -> tuple[Tensor, Tensor, Tensor]:
    """Queries, keys and values of a packed projection.

    Queries and keys go through the RMSNorm of each head, then the rotary embedding.
    """
    q, k, v = torch.split(finished(heads_BLXK), [heads, kv_heads, kv_heads], dim=2)
    return rotate(rms_norm(q, norm_q), cos, sin), rotate(rms_norm(k, norm_k), cos, sin), v


def swiglu(gate_up: Product) -> Tensor:
    """``silu(a) * b`` of the packed ``[a | b]``; halves the last axis."""
    a, b = finished(gate_up).chunk(2, dim=-1)
    return F.silu(a) * b


def gated_linear(x: Activation, weight_OF: Tensor, weight_scale_O: Tensor | None) -> Tensor:
    """``swiglu`` of a ``linear`` without bias, whose rows are those of gates, then those of ups."""
    return swiglu(linear(x, weight_OF, weight_scale_O, None))


def attention(
    q_BLHK: Activation,
    k_BLGK: Activation,
    v_BLGK: Activation,
    key_mask_BL: Tensor | None = None,
    *,
    causal: bool = False,
) -> Tensor:
    """Softmax attention with scale ``K ** -0.5``, heads joined: ``[B, L, H * K]``.

    ``key_mask_BL`` is true at the keys that exist. Without padding pass None: any mask keeps torch
    from its fast kernels. It cannot be combined with ``causal``.
    """
    q, k, v = (_plain(x).transpose(1, 2) for x in (q_BLHK, k_BLGK, v_BLGK))
    out = F.scaled_dot_product_attention(
        q,
        k,
        v,
        attn_mask=None if key_mask_BL is None else key_mask_BL[:, None, None, :],
        is_causal=causal,
        enable_gqa=q.shape[1] != k.shape[1],
    )
    return out.transpose(1, 2).flatten(2)


def _plain(x_BLHK: Activation) -> Tensor:
    if isinstance(x_BLHK, Quantised):
        return (x_BLHK.data.float() * x_BLHK.scale[:, None, :, None]).to(x_BLHK.dtype)
    return x_BLHK
