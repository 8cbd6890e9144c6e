"""A store of encoded pictures and their wordings, from which batches of one length are drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from generator.draft.training.stream import LONGEST, WORDINGS


@dataclass(frozen=True)
class Batch:
    """Captions of one length and their pictures."""

    ids_BT: Tensor
    latents_BIC: Tensor


class Pool:
    """A ring of pictures of one size on the device. All captions of a batch have one length.

    One length means no padding, no mask, and so exactly what the pipeline runs for one prompt.
    """

    def __init__(self, capacity: int, tokens: int, channels: int, device: torch.device) -> None:
        self._latents = torch.zeros(capacity, tokens, channels, dtype=torch.bfloat16, device=device)
        self._ids = torch.zeros(capacity * WORDINGS, LONGEST, dtype=torch.int16, device=device)
        self._lengths: NDArray[np.int16] = np.zeros(capacity * WORDINGS, np.int16)
        self._order: NDArray[np.int64] = np.zeros(0, np.int64)
        self._sorted: NDArray[np.int16] = np.zeros(0, np.int16)
        self._next = 0

    @property
    def pictures(self) -> int:
        """Pictures that can be drawn."""
        return int((self._lengths.reshape(-1, WORDINGS).max(1) > 0).sum())

    def add(self, latents: Tensor, ids: NDArray[np.int16], lengths: NDArray[np.int16]) -> None:
        """Put pictures in place of the oldest ones; latents are already in transformer units."""
        capacity = len(self._latents)
        slots = (self._next + np.arange(len(latents))) % capacity
        self._next = int(slots[-1] + 1) % capacity
        rows = (slots[:, None] * WORDINGS + np.arange(WORDINGS)).ravel()
        device = self._latents.device
        self._latents[torch.from_numpy(slots).to(device)] = latents.to(torch.bfloat16)
        self._ids[torch.from_numpy(rows).to(device)] = torch.from_numpy(ids).to(device)
        self._lengths[rows] = lengths
        self._order = np.argsort(self._lengths, kind="stable")[(self._lengths == 0).sum() :]
        self._sorted = self._lengths[self._order]

    def draw(self, rng: np.random.Generator, size: int) -> Batch:
        """A batch around a random caption: lengths come up as often as the pool holds them."""
        length = int(self._sorted[rng.integers(len(self._sorted))])
        first, last = np.searchsorted(self._sorted, [length, length + 1])
        picked = self._order[rng.integers(first, last, size)]
        rows = torch.from_numpy(picked).to(self._latents.device, non_blocking=True)
        return Batch(self._ids[rows, :length].long(), self._latents[rows // WORDINGS])
