"""The memory that the two processes share."""

from __future__ import annotations

import mmap
import os
import tempfile
from pathlib import Path

import torch
from torch import Tensor

from generator.checkpoint import Checkpoint
from promptkit.job import MAX_SIDE


def exchange_bytes(checkpoint: Checkpoint) -> int:
    """Bytes of the latents of the largest picture, there and back, in fp32."""
    sizes = checkpoint.sizes
    side = MAX_SIDE // sizes.autoencoder.pixels_per_token
    return 2 * 4 * side * side * sizes.transformer.in_channels


def make_exchange(nbytes: int) -> int:
    """A file without a name for the memory; returns its descriptor, which a child may inherit."""
    if hasattr(os, "memfd_create"):
        file = os.memfd_create("promptkit-exchange")
    else:
        file, path = tempfile.mkstemp()
        Path(path).unlink()
    os.ftruncate(file, nbytes)
    return file


class Exchange:
    """One side's view of the shared memory: latents there, velocity back."""

    def __init__(self, file: int) -> None:
        nbytes = os.fstat(file).st_size
        both = torch.frombuffer(mmap.mmap(file, nbytes), dtype=torch.float32)
        os.close(file)
        self._there, self._back = both.chunk(2)

    def latents(self, tokens: int, channels: int) -> Tensor:
        """``[1, I, C]``, written by the one that asks."""
        return self._there[: tokens * channels].view(1, tokens, channels)

    def velocity(self, tokens: int, channels: int) -> Tensor:
        """``[1, I, C]``, written by the one that answers."""
        return self._back[: tokens * channels].view(1, tokens, channels)
