"""Whether a device runs the Triton kernels."""

from __future__ import annotations

import importlib.util

import torch

KERNELS_SINCE = (8, 0)
"""Compute capability of the first GPUs that Triton supports."""


def obstacle(device: torch.device) -> str | None:
    """What keeps the kernels from ``device``, in words; None where they run."""
    if device.type != "cuda":
        return f"as always on {device.type}"
    if importlib.util.find_spec("triton") is None:
        return "the package triton is not installed; `pip install triton`"
    if torch.version.hip is not None:
        return "the fused kernels are for NVIDIA GPUs"
    if torch.cuda.get_device_capability(device) < KERNELS_SINCE:
        return f"{torch.cuda.get_device_name(device)} is older than the GPUs that Triton supports"
    return None
