"""Attention on a GPU: cuDNN's kernel in torch, or FlashAttention-3 where its wheel is installed.

At 256 channels a head FlashAttention-3 is up to an eighth faster than cuDNN on an H200, and torch's
own flash kernel reaches half of either.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from types import ModuleType

import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel

from generator.ops import reference
from generator.ops.kinds import Activation, Quantised

PREFERENCE = [
    SDPBackend.CUDNN_ATTENTION,
    SDPBackend.FLASH_ATTENTION,
    SDPBackend.EFFICIENT_ATTENTION,
    SDPBackend.MATH,
]


def has_flash3() -> bool:
    """Whether the wheel ``fa3-fwd`` is installed."""
    return importlib.util.find_spec("fa3_fwd_interface") is not None


@cache
def _flash3() -> ModuleType:
    return importlib.import_module("fa3_fwd_interface")


def cudnn(
    q_BLHK: Activation,
    k_BLGK: Activation,
    v_BLGK: Activation,
    key_mask_BL: Tensor | None = None,
    *,
    causal: bool = False,
) -> Tensor:
    """``reference.attention`` with the backends of torch in order of speed."""
    with sdpa_kernel(PREFERENCE, set_priority=True):
        return reference.attention(q_BLHK, k_BLGK, v_BLGK, key_mask_BL, causal=causal)


def best(
    q_BLHK: Activation,
    k_BLGK: Activation,
    v_BLGK: Activation,
    key_mask_BL: Tensor | None = None,
    *,
    causal: bool = False,
) -> Tensor:
    """FlashAttention-3 for bf16 and e4m3 without a mask, else ``cudnn``."""
    if key_mask_BL is None:
        if isinstance(q_BLHK, Quantised):
            return _flash3_e4m3(q_BLHK, k_BLGK, v_BLGK, causal=causal)
        if q_BLHK.dtype is torch.bfloat16:
            return _joined(_flash3().flash_attn_func(q_BLHK, k_BLGK, v_BLGK, causal=causal))
    return cudnn(q_BLHK, k_BLGK, v_BLGK, key_mask_BL, causal=causal)


def _flash3_e4m3(q: Quantised, k: Activation, v: Activation, *, causal: bool) -> Tensor:
    if not (isinstance(k, Quantised) and isinstance(v, Quantised)):
        raise TypeError("queries, keys and values are rounded together")
    out = _flash3().flash_attn_func(
        q.data,
        k.data,
        v.data,
        causal=causal,
        # One scale for each group of query heads that share a key head.
        q_descale=q.scale[:, :: q.scale.shape[1] // k.scale.shape[1]],
        k_descale=k.scale,
        v_descale=v.scale,
    )
    return _joined(out)


def _joined(out: Tensor | tuple[Tensor, ...]) -> Tensor:
    """Heads side by side; some versions return the log-sum-exp as well."""
    tensor = out[0] if isinstance(out, tuple) else out
    return tensor.flatten(2)
