"""The primitives in plain torch: the specification that every faster form is tested against.

Shape legend: B batch, L sequence, D hidden, H heads, G key/value heads, K head channels,
O rows of a weight, F columns of a weight.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def linear(
    x: Tensor, weight_OF: Tensor, weight_scale_O: Tensor | None, bias_O: Tensor | None
) -> Tensor:
    """``x @ weight.T + bias`` in the dtype of ``x``.

    With ``weight_scale_O`` the weight is e4m3 with one fp32 scale per row. It is decoded in the
    dtype of ``x``, scale rounded first, product rounded second, as the official engine does.
    """
    if weight_scale_O is not None:
        weight_OF = weight_OF.to(x.dtype) * weight_scale_O.to(x.dtype)[:, None]
    return F.linear(x, weight_OF, bias_O)


def rms_norm(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    """RMSNorm over the last axis, times ``weight`` (not ``1 + weight``)."""
    return F.rms_norm(x, weight.shape, weight, eps)


def norm_modulate(x_BLD: Tensor, weight_D: Tensor, eps: float, scale_B1D: Tensor) -> Tensor:
    """Pre-norm of a branch: RMSNorm, then the adaptive scale. There is no adaptive shift."""
    return rms_norm(x_BLD, weight_D, eps) * scale_B1D


def gated_residual(
    h_BLD: Tensor, branch_BLD: Tensor, weight_D: Tensor, eps: float, gate_B1D: Tensor
) -> Tensor:
    """Post-norm of a branch, its gate, and the residual sum."""
    return h_BLD + gate_B1D * rms_norm(branch_BLD, weight_D, eps)


def rotate(x_BLHK: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotary embedding on the pairs ``(i, i + K/2)``; ``cos`` and ``sin`` are ``[B|1, L, K/2]``."""
    cos, sin = cos[:, :, None], sin[:, :, None]
    x1, x2 = x_BLHK.chunk(2, dim=-1)
    return torch.cat((x1 * cos - x2 * sin, x2 * cos + x1 * sin), dim=-1)


def norm_rotate(x_BLHK: Tensor, weight_K: Tensor, eps: float, cos: Tensor, sin: Tensor) -> Tensor:
    """What queries and keys go through: RMSNorm of each head, then the rotary embedding."""
    return rotate(rms_norm(x_BLHK, weight_K, eps), cos, sin)


def swiglu(gate_up: Tensor) -> Tensor:
    """``silu(a) * b`` of the packed ``[a | b]``; halves the last axis."""
    a, b = gate_up.chunk(2, dim=-1)
    return F.silu(a) * b


def attention(
    q_BLHK: Tensor,
    k_BLGK: Tensor,
    v_BLGK: Tensor,
    key_mask_BL: Tensor | None = None,
    *,
    causal: bool = False,
) -> Tensor:
    """Softmax attention with scale ``K ** -0.5``, heads joined: ``[B, L, H * K]``.

    ``key_mask_BL`` is true at the keys that exist. Without padding pass None: any mask keeps torch
    from its fast kernels. It cannot be combined with ``causal``.
    """
    out = F.scaled_dot_product_attention(
        q_BLHK.transpose(1, 2),
        k_BLGK.transpose(1, 2),
        v_BLGK.transpose(1, 2),
        attn_mask=None if key_mask_BL is None else key_mask_BL[:, None, None, :],
        is_causal=causal,
        enable_gqa=q_BLHK.shape[2] != k_BLGK.shape[2],
    )
    return out.transpose(1, 2).flatten(2)
