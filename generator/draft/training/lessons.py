"""Questions about a picture that a network answers on the way to drawing it.

The world knows what stands at every place, so the image tokens of a middle layer are asked for it
(which tile of the atlas, where in the tile, in which colours), and the text tokens are asked where
the thing or the letter stands that they speak of. The error of the velocity teaches this too, but
only through what little of it is the fault of a wrong place or a wrong letter. The readouts are
dropped when training ends.

Shape legend: B batch, T text tokens, I image tokens, D hidden, N item slots, R x Q places.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from generator.draft.world.atlas import atlas
from generator.draft.world.render import SceneTensors

PLACES = 2
"""Places along each side of an image token at which the questions are put."""
THING_WEIGHT, LETTER_WEIGHT = 2.0, 5.0
_NUMBERS = 8
"""Where in the tile (2), main colour (3), accent (3)."""
_WAVES = 5


@dataclass(frozen=True)
class Answers:
    """What stands at the R x Q places of pictures; nothing where `tile` is 0."""

    tile: Tensor
    """[B, R, Q], index into the atlas."""
    numbers: Tensor
    """[B, R, Q, 8] in [0, 1]."""
    weight: Tensor
    """[B, R, Q]: 1 on the bare ground, more on things, most on letters."""


class Lessons(nn.Module):
    """Linear readouts of image tokens [B, I, D] and of text tokens [B, T, D]."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.tiles = len(atlas().levels[0])
        self.picture = nn.Linear(dim, PLACES**2 * (self.tiles + _NUMBERS))
        self.text = nn.Linear(dim, 4 * _WAVES)

    def picture_loss(self, image_BID: Tensor, answers: Answers) -> Tensor:
        """Cross-entropy of the tiles and squared error of the numbers, weighted by place."""
        h = F.layer_norm(image_BID, image_BID.shape[-1:])
        out = self.picture(h).unflatten(-1, (PLACES**2, -1)).float()
        tile, weight = by_token(answers.tile), by_token(answers.weight)
        entropy = F.cross_entropy(
            out[..., : self.tiles].flatten(0, 2), tile.flatten(), reduction="none"
        )
        numbers = (out[..., self.tiles :] - by_token(answers.numbers)).square().sum(-1)
        held = weight * (weight > 1)
        tiles_missed: Tensor = (entropy * weight.flatten()).sum() / weight.sum()
        numbers_missed: Tensor = (numbers * held).sum() / held.sum().clamp(min=1)
        return 0.1 * (tiles_missed + numbers_missed)

    def text_loss(self, text_BTD: Tensor, boxes_BT4: Tensor, known_BT: Tensor) -> Tensor:
        """Squared error of the boxes in which what the tokens speak of stands, as waves."""
        h = F.layer_norm(text_BTD, text_BTD.shape[-1:])
        error = (self.text(h).float() - _waves(boxes_BT4)).square().mean(-1)
        mean: Tensor = (error * known_BT).sum() / known_BT.sum().clamp(min=1)
        return 0.3 * mean


def by_token(map_BRQ: Tensor) -> Tensor:
    """Places [B, R, Q, ...] grouped by image token, [B, I, PLACES * PLACES, ...]."""
    B, R, Q = map_BRQ.shape[:3]
    cells = map_BRQ.reshape(B, R // PLACES, PLACES, Q // PLACES, PLACES, -1).transpose(2, 3)
    grouped = cells.reshape(B, R * Q // PLACES**2, PLACES**2, -1)
    return grouped if map_BRQ.ndim > 3 else grouped[..., 0]


def _waves(numbers: Tensor) -> Tensor:
    """Numbers in [0, 1], [..., 4], with two octaves of sinusoids, [..., 4 * 5]."""
    angle = torch.pi * numbers
    waves = ((2 * angle).sin(), (2 * angle).cos(), (6 * angle).sin(), (6 * angle).cos())
    return torch.cat((2 * numbers - 1, *waves), dim=-1)


def answers(scenes: SceneTensors, grid: tuple[int, int]) -> Answers:
    """What stands at the places of a grid of image tokens."""
    R, Q = grid[0] * PLACES, grid[1] * PLACES
    device = scenes.box.device
    y0, x0, y1, x1 = scenes.box.unbind(-1)
    y = (torch.arange(R, device=device) + 0.5) / R
    x = (torch.arange(Q, device=device) + 0.5) / Q
    v = (y - y0[..., None]) / (y1 - y0).clamp(min=1e-3)[..., None]
    u = (x - x0[..., None]) / (x1 - x0).clamp(min=1e-3)[..., None]
    inside = ((v >= 0) & (v < 1))[..., None] & ((u >= 0) & (u < 1))[:, :, None]
    order = torch.arange(1, inside.shape[1] + 1, device=device)[:, None, None]
    top = (inside * order).amax(1)
    slot = (top - 1).clamp(min=0)
    b = torch.arange(len(slot), device=device)[:, None, None]
    rows, columns = scenes.cells[b, slot].unbind(-1)
    v = v[b, slot, torch.arange(R, device=device)[None, :, None]] * rows
    u = u[b, slot, torch.arange(Q, device=device)[None, None]] * columns
    row, column = (
        v.floor().clamp(min=0).minimum(rows - 1.0),
        u.floor().clamp(min=0).minimum(columns - 1.0),
    )
    tile = scenes.tiles[b, slot, (row * columns + column).long()] * (top > 0)
    place = torch.stack((v - row, u - column), dim=-1)
    numbers = torch.cat((place, scenes.colors[b, slot].flatten(3)), dim=-1)
    numbers = numbers * (top > 0)[..., None]
    first_letter = min(atlas().glyphs.values())
    weight = 1 + THING_WEIGHT * (top > 0) + (LETTER_WEIGHT - THING_WEIGHT) * (tile >= first_letter)
    return Answers(tile, numbers, weight.float())


def spoken_of(scenes: SceneTensors, slots_BT: Tensor, cells_BT: Tensor) -> tuple[Tensor, Tensor]:
    """Boxes [B, T, 4] of what tokens speak of, a letter's cell or a whole item; and where known."""
    b = torch.arange(len(slots_BT), device=slots_BT.device)[:, None]
    slot = slots_BT.long().clamp(min=0)
    y0, x0, y1, x1 = scenes.box[b, slot].unbind(-1)
    rows, columns = scenes.cells[b, slot].unbind(-1)
    cell = cells_BT.long()
    high, wide = (y1 - y0) / rows, (x1 - x0) / columns
    top, left = y0 + cell // columns * high, x0 + cell % columns * wide
    letter = torch.stack((top, left, top + high, left + wide), dim=-1)
    whole = torch.stack((y0, x0, y1, x1), dim=-1)
    return torch.where((cell >= 0)[..., None], letter, whole), slots_BT >= 0
