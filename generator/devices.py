"""What this machine computes on."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager, nullcontext

import torch

from generator.errors import RequestError


def choose_device(
    name: str | torch.device | None = None, *, parameter: str = "device"
) -> torch.device:
    """The named device, else CUDA where there is one; RequestError for one that is not here.

    ``parameter`` is what the name was given as.
    """
    if name is None:
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if re.fullmatch(r"cpu|cuda(:\d+)?", str(name)) is None:
        raise RequestError(f"{parameter} is {str(name)!r}, expected cuda, cuda:N or cpu")
    device = torch.device(name)
    count = torch.cuda.device_count()
    if device.type == "cuda" and (device.index or 0) >= count:
        raise RequestError(
            f"{parameter} is {device}, but torch sees {count} CUDA GPU{'s' * (count != 1)} here; "
            "`promptkit doctor` says what is missing"
        )
    return device


def compute_dtype(device: torch.device) -> torch.dtype:
    """bfloat16 on GPUs, which have units for it; float32 on CPUs, most of which have none."""
    return torch.bfloat16 if device.type == "cuda" else torch.float32


def device_name(device: torch.device) -> str:
    """For example ``NVIDIA H200``, or ``cpu``."""
    return torch.cuda.get_device_name(device) if device.type == "cuda" else device.type


def as_current(device: torch.device) -> AbstractContextManager[object]:
    """Makes ``device`` this thread's current one: Triton launches its kernels there.

    torch's own functions follow their tensors, Triton's do not.
    """
    return torch.cuda.device(device) if device.type == "cuda" else nullcontext()


def free_memory(device: torch.device) -> int | None:
    """Bytes that this process may still take on a GPU, or None for a CPU.

    A cap set with ``torch.cuda.set_per_process_memory_fraction`` counts as the GPU's size.
    """
    if device.type != "cuda":
        return None
    bare = device == torch.device(device.type)
    index = torch.cuda.current_device() if bare else device.index
    free, total = torch.cuda.mem_get_info(index)
    cap = int(total * torch.cuda.get_per_process_memory_fraction(index))
    # What the allocator keeps for tensors to come is free to this process.
    used = torch.cuda.memory_allocated(index)
    return min(free + torch.cuda.memory_reserved(index) - used, cap - used)


def resident_bytes() -> int | None:
    """Most memory that this process has had, where the system tells (not on Windows)."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return None
    import sys  # noqa: PLC0415

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
