"""Text tokens of recent prompts, so that a caption drawn with many seeds is encoded once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Final

from torch import Tensor

MAX_BYTES: Final = 64 << 20
"""Room for six prompts of a thousand tokens at the published sizes."""


class EmbeddingCache:
    """Keeps results by token ids and drops the least recently used ones above a size."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._kept: OrderedDict[tuple[int, ...], Tensor] = OrderedDict()

    def get(self, token_ids: Sequence[int], encode: Callable[[], Tensor]) -> Tensor:
        """The tensor of these token ids, from ``encode`` where it is not at hand."""
        key = tuple(token_ids)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        encoded = self._kept[key] = encode()
        while sum(tensor.nbytes for tensor in self._kept.values()) > self._max_bytes:
            self._kept.popitem(last=False)
        return encoded
