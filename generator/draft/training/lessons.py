"""Questions about a picture that a network answers on the way to drawing it.

The world knows what stands at every place, so the image tokens of a middle layer are asked for it
(which tile of the atlas, where in the tile, in which colours), and the text tokens are asked what
they speak of (which tile, where it stands, in which colours). On bare ground and outside elements
the answer is the ground: its pattern, its colours, and where in the picture the token is. The error
of the velocity teaches this too, but only through what little of it is the fault of a wrong place,
letter or colour. The readouts are dropped when training ends.

Shape legend: B batch, T text tokens, I image tokens, D hidden, N item slots, R x Q places.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from generator.draft.world.atlas import atlas
from generator.draft.world.render import SceneTensors
from generator.draft.world.scene import PATTERNS

PLACES = 2
"""Places along each side of an image token at which the questions are put."""
THING_WEIGHT, LETTER_WEIGHT = 2.0, 5.0
_USUAL_AREA = 0.12
"""Share of the picture from which a thing weighs as much as any; a quarter of it, twice as much."""
_COLORS = 6
"""Main colour (3) and accent (3); of the ground, its first and its second."""
_NUMBERS = 2 + _COLORS
"""Where in the tile, or on bare ground where in the picture (2), and the colours."""
_WAVES = 5


@dataclass(frozen=True)
class Answers:
    """What stands at the R x Q places of pictures."""

    tile: Tensor
    """[B, R, Q], index into the atlas; of bare ground its pattern, counted on from there."""
    numbers: Tensor
    """[B, R, Q, 8] in [0, 1]."""
    weight: Tensor
    """[B, R, Q]: 1 on the bare ground, more on things, most on small ones and letters."""


@dataclass(frozen=True)
class Spoken:
    """What text tokens speak of: a letter, an item, or, where `known` is false, the ground."""

    boxes: Tensor
    """[B, T, 4], y0 x0 y1 x1 in [0, 1]: of a letter's cell or of a whole item."""
    tile: Tensor
    """[B, T], index into the atlas; 0 for a text as a whole, and the ground's as in `Answers`."""
    colors: Tensor
    """[B, T, 6] in [0, 1]."""
    known: Tensor
    """[B, T], whether it is a letter or an item."""


class Lessons(nn.Module):
    """Linear readouts of image tokens [B, I, D] and, at two depths, of text tokens [B, T, D]."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.tiles = len(atlas().levels[0]) + len(PATTERNS)
        self.picture = nn.Linear(dim, PLACES**2 * (self.tiles + _NUMBERS))
        self.text = nn.ModuleList(nn.Linear(dim, 4 * _WAVES + _COLORS + self.tiles) for _ in "12")

    def picture_loss(self, image_BID: Tensor, answers: Answers) -> Tensor:
        """Cross-entropy of the tiles and squared error of the numbers, weighted by place."""
        h = F.layer_norm(image_BID, image_BID.shape[-1:])
        out = self.picture(h).unflatten(-1, (PLACES**2, -1)).float()
        tile, weight = by_token(answers.tile), by_token(answers.weight)
        entropy = F.cross_entropy(
            out[..., : self.tiles].flatten(0, 2), tile.flatten(), reduction="none"
        )
        numbers = (out[..., self.tiles :] - by_token(answers.numbers)).square().sum(-1)
        missed: Tensor = ((entropy + numbers.flatten()) * weight.flatten()).sum() / weight.sum()
        return 0.1 * missed

    def text_loss(self, depth: int, text_BTD: Tensor, spoken: Spoken) -> Tensor:
        """The same of text tokens, with boxes as waves; `depth` says whose readout it is."""
        h = F.layer_norm(text_BTD, text_BTD.shape[-1:])
        out: Tensor = self.text[depth](h).float()
        waves, colors, tiles = torch.split(out, [4 * _WAVES, _COLORS, self.tiles], dim=-1)
        placed = (waves - _waves(spoken.boxes)).square().mean(-1)
        named = F.cross_entropy(tiles.flatten(0, 1), spoken.tile.flatten(), reduction="none")
        named = named.view_as(placed)
        items = _mean(0.3 * placed + 0.05 * named, spoken.known)
        ground = _mean(0.05 * named, ~spoken.known)
        missed: Tensor = items + ground + 0.05 * (colors - spoken.colors).square().sum(-1).mean()
        return missed


def _mean(values: Tensor, where: Tensor) -> Tensor:
    return (values * where).sum() / where.sum().clamp(min=1)


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
    tile = scenes.tiles[b, slot, (row * columns + column).long()]
    letter = tile >= min(atlas().glyphs.values())
    tile = torch.where(top > 0, tile, _ground_tile(scenes)[:, None, None])
    held = (top > 0)[..., None]
    within = torch.stack((v - row, u - column), dim=-1)
    place = torch.where(held, within, torch.stack(torch.meshgrid(y, x, indexing="ij"), dim=-1))
    ground = scenes.ground.flatten(1)[:, None, None]
    colors = torch.where(held, scenes.colors[b, slot].flatten(3), ground)
    numbers = torch.cat((place, colors), dim=-1)
    small = (_USUAL_AREA / ((y1 - y0) * (x1 - x0)).clamp(min=1e-3)).sqrt().clamp(1, 2.5)
    weight = torch.where(letter, LETTER_WEIGHT, THING_WEIGHT * small[b, slot])
    return Answers(tile, numbers, 1 + weight * (top > 0))


def _ground_tile(scenes: SceneTensors) -> Tensor:
    """[B], the pattern of the ground as a tile behind those of the atlas."""
    return len(atlas().levels[0]) + scenes.pattern.long()


def spoken_of(scenes: SceneTensors, slots_BT: Tensor, cells_BT: Tensor) -> Spoken:
    """What tokens speak of that are marked with an item's slot and a letter's cell, or with -1."""
    b = torch.arange(len(slots_BT), device=slots_BT.device)[:, None]
    slot, cell, known = slots_BT.long().clamp(min=0), cells_BT.long(), slots_BT >= 0
    y0, x0, y1, x1 = scenes.box[b, slot].unbind(-1)
    rows, columns = scenes.cells[b, slot].unbind(-1)
    high, wide = (y1 - y0) / rows, (x1 - x0) / columns
    top, left = y0 + cell // columns * high, x0 + cell % columns * wide
    letter = torch.stack((top, left, top + high, left + wide), dim=-1)
    whole = torch.stack((y0, x0, y1, x1), dim=-1)
    first_letter = min(atlas().glyphs.values())
    tile = scenes.tiles[b, slot, cell.clamp(min=0)]
    a_text = (cell < 0) & (tile >= first_letter)
    return Spoken(
        boxes=torch.where((cell >= 0)[..., None], letter, whole),
        tile=torch.where(known, tile * ~a_text, _ground_tile(scenes)[:, None]),
        colors=torch.where(
            known[..., None], scenes.colors[b, slot].flatten(2), scenes.ground.flatten(1)[:, None]
        ),
        known=known,
    )
