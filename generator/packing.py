"""One prompt and one picture size, packed into the token sequence that the transformer reads.

Shape legend: T text tokens, I image tokens, L = T + I.

The sequence is ``[text][image]`` without padding: a prompt is run by itself rather than padded to
the longest of a batch. Attention knows order only through positions, so the result is the same,
and without padding no mask is needed, which is what lets torch take its fast attention kernels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from generator.config import IMAGE_POSITION_OFFSET


@dataclass(frozen=True)
class PackedInputs:
    """The integers of a sequence: what to encode and where every token stands."""

    token_ids_T: Tensor
    """int64, chat template included."""
    positions_L3: Tensor
    """int64 (time, row, column) of the text tokens, then of the image tokens."""
    grid: tuple[int, int]
    """Rows and columns of image tokens."""

    @property
    def num_text_tokens(self) -> int:
        """T."""
        return self.token_ids_T.shape[0]


def pack(
    token_ids: Sequence[int], grid: tuple[int, int], device: torch.device | str = "cpu"
) -> PackedInputs:
    """Lay out a tokenised prompt before a ``grid`` of (rows, columns) of image tokens."""
    positions = torch.cat((text_positions(len(token_ids)), image_positions(grid)))
    return PackedInputs(
        token_ids_T=torch.tensor(token_ids, dtype=torch.int64, device=device),
        positions_L3=positions.to(device),
        grid=grid,
    )


def text_positions(length: int) -> Tensor:
    """``[T, 3]``: text counts up from 0 on all three axes alike."""
    return torch.arange(length)[:, None].expand(length, 3)


def image_positions(grid: tuple[int, int]) -> Tensor:
    """``[I, 3]``, row-major: a fixed time, then row and column, all counted from the offset."""
    rows, columns = grid
    row = torch.arange(rows)[:, None].expand(grid)
    column = torch.arange(columns)[None, :].expand(grid)
    position = torch.stack((torch.zeros_like(row), row, column), dim=-1)
    return position.reshape(-1, 3) + IMAGE_POSITION_OFFSET
