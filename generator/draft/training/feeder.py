"""Pictures for the second stage: painted, encoded, and kept in pools."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from generator.draft.training.autoencoder import encode_tokens
from generator.draft.training.painter import ScenePainter
from generator.draft.training.pool import Pool
from generator.draft.training.stream import SHAPES, SHARES, Shard

GRIDS = tuple((height // 16, width // 16) for height, width in SHAPES)


class Feeder:
    """Keeps one pool per picture size filled from the stream; `pictures` is over all sizes."""

    def __init__(
        self,
        shards: Iterator[Shard],
        painter: ScenePainter,
        shift: Tensor,
        scale: Tensor,
        *,
        pictures: int,
        batch: int,
    ) -> None:
        self._shards, self._painter, self._batch = shards, painter, batch
        self._shift, self._scale, self._pictures = shift, scale, pictures
        self.pools = [
            Pool(round(pictures * share), grid[0] * grid[1], len(shift), shift.device)
            for grid, share in zip(GRIDS, SHARES, strict=True)
        ]

    def feed(self) -> None:
        """Encode one shard into its pool."""
        shard = next(self._shards)
        scenes = len(shard.scenes.look)
        tokens = []
        for first in range(0, scenes, self._batch):
            image = self._painter.paint(shard, first, min(self._batch, scenes - first))
            raw = encode_tokens(image)
            tokens.append(((raw - self._shift) / self._scale).to(torch.bfloat16))
        self.pools[shard.shape].add(torch.cat(tokens), shard)

    def fill(self) -> None:
        """Encode until the pools are a quarter full and none is empty."""
        while (
            sum(p.pictures for p in self.pools) < self._pictures // 4
            or min(p.pictures for p in self.pools) == 0
        ):
            self.feed()
