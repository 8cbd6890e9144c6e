"""One process per GPU: every rank draws its own data, and gradients are averaged."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import Tensor


@dataclass(frozen=True)
class Ranks:
    """This process among its peers; made by `join`."""

    rank: int
    count: int
    device: torch.device

    @property
    def first(self) -> bool:
        """Whether this rank logs and saves."""
        return self.rank == 0

    @property
    def precision(self) -> torch.dtype:
        """What networks run in: bf16, as they will be used, except on CPUs, where it is slow."""
        return torch.bfloat16 if self.device.type == "cuda" else torch.float32

    def average(self, tensors: Sequence[Tensor]) -> None:
        """Replace the tensors by their mean over ranks, in place."""
        if self.count == 1:
            return
        flat = torch.cat([t.flatten() for t in tensors])
        dist.all_reduce(flat)
        flat /= self.count
        parts = torch.split(flat, [t.numel() for t in tensors])
        torch._foreach_copy_(
            list(tensors), [p.view_as(t) for p, t in zip(parts, tensors, strict=True)]
        )

    def spread(self, tensors: Sequence[Tensor]) -> None:
        """Overwrite the tensors with those of rank 0."""
        if self.count > 1:
            for tensor in tensors:
                dist.broadcast(tensor, 0)

    def agree(self, number: float) -> float:
        """Rank 0's number, on every rank."""
        shared = torch.tensor([number], dtype=torch.float64, device=self.device)
        self.spread([shared])
        return shared.item()


def join() -> Ranks:
    """Read torchrun's environment; without it, a single process."""
    count, rank = int(os.environ.get("WORLD_SIZE", "1")), int(os.environ.get("LOCAL_RANK", "0"))
    device = torch.device("cuda", rank) if torch.cuda.is_available() else torch.device("cpu")
    if device.type == "cuda":
        torch.cuda.set_device(device)
    if count > 1:
        dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    return Ranks(rank, count, device)
