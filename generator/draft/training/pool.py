"""A store of encoded pictures and their wordings, from which batches of one length are drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from generator.draft.training.stream import LONGEST, WORDINGS, Shard
from generator.draft.world.render import SceneTensors, to_device


@dataclass(frozen=True)
class Batch:
    """Captions of one length, their pictures, and what is in these."""

    ids_BT: Tensor
    latents_BIC: Tensor
    scenes: SceneTensors
    slots_BT: Tensor
    """Item that a token speaks of, -1 for none; see `marks`."""
    cells_BT: Tensor
    """Letter cell that a token speaks of, -1 for none."""


class Pool:
    """A ring of pictures of one size on the device. All captions of a batch have one length.

    One length means no padding, no mask, and so exactly what the pipeline runs for one prompt.
    """

    def __init__(self, capacity: int, tokens: int, channels: int, device: torch.device) -> None:
        self._latents = torch.zeros(capacity, tokens, channels, dtype=torch.bfloat16, device=device)
        self._words = torch.zeros(3, capacity * WORDINGS, LONGEST, dtype=torch.int16, device=device)
        self._scenes: dict[str, Tensor] = {}
        self._lengths: NDArray[np.int16] = np.zeros(capacity * WORDINGS, np.int16)
        self._order: NDArray[np.int64] = np.zeros(0, np.int64)
        self._sorted: NDArray[np.int16] = np.zeros(0, np.int16)
        self._next = 0

    @property
    def pictures(self) -> int:
        """Pictures that can be drawn."""
        return int((self._lengths.reshape(-1, WORDINGS).max(1) > 0).sum())

    def add(self, latents: Tensor, shard: Shard) -> None:
        """Put pictures in place of the oldest ones; latents are already in transformer units."""
        capacity, device = len(self._latents), self._latents.device
        slots = (self._next + np.arange(len(latents))) % capacity
        self._next = int(slots[-1] + 1) % capacity
        rows = (slots[:, None] * WORDINGS + np.arange(WORDINGS)).ravel()
        where, which = torch.from_numpy(slots).to(device), torch.from_numpy(rows).to(device)
        self._latents[where] = latents.to(torch.bfloat16)
        words = np.stack((shard.ids, shard.slots, shard.cells))
        self._words[:, which] = torch.from_numpy(words).to(device)
        scenes = to_device(shard.scenes, device)
        for name in scenes.__slots__:
            field: Tensor = getattr(scenes, name)
            if name not in self._scenes:
                self._scenes[name] = field.new_zeros(capacity, *field.shape[1:])
            self._scenes[name][where] = field
        self._lengths[rows] = shard.lengths
        self._order = np.argsort(self._lengths, kind="stable")[(self._lengths == 0).sum() :]
        self._sorted = self._lengths[self._order]

    def draw(self, rng: np.random.Generator, size: int) -> Batch:
        """A batch around a random caption: lengths come up as often as the pool holds them."""
        length = int(self._sorted[rng.integers(len(self._sorted))])
        first, last = np.searchsorted(self._sorted, [length, length + 1])
        picked = self._order[rng.integers(first, last, size)]
        rows = torch.from_numpy(picked).to(self._latents.device, non_blocking=True)
        pictures = rows // WORDINGS
        ids, slots, cells = self._words[:, rows, :length].unbind()
        scenes = SceneTensors(**{name: field[pictures] for name, field in self._scenes.items()})
        return Batch(ids.long(), self._latents[pictures], scenes, slots, cells)
