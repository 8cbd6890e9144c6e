"""Shards of scenes to pictures on the device."""

from __future__ import annotations

import torch
from torch import Tensor

from generator.draft.training.stream import SHAPES, Shard
from generator.draft.world.batch import SceneArrays
from generator.draft.world.render import Painter, load_tiles, paint_item, render, to_device


class ScenePainter:
    """Holds the atlas on a device and, on a GPU, a compiled painting kernel."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._tiles = load_tiles(device)
        compiled = device.type == "cuda"
        self._paint: Painter = torch.compile(paint_item, dynamic=True) if compiled else paint_item

    @torch.no_grad()
    def paint(self, shard: Shard, start: int, count: int) -> Tensor:
        """Pictures [count, 3, H, W] in [-1, 1] of some of the shard's scenes."""
        rows = slice(start, start + count)
        fields = {n: getattr(shard.scenes, n)[rows] for n in SceneArrays.__slots__}
        scenes = to_device(SceneArrays(**fields), self._device)
        return render(scenes, self._tiles, *SHAPES[shard.shape], self._paint)
