"""Painting scenes, many at a time, on whatever device the arrays are on.

Shape legend: B scenes, N item slots, C letter cells, H W rows and columns of pixels.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from generator.draft.world.atlas import SIZES, atlas
from generator.draft.world.batch import SceneArrays
from generator.draft.world.scene import FILLS, LOOKS, PATTERNS

HORIZON = 0.62
Painter = Callable[..., Tensor]


@dataclass(frozen=True, slots=True)
class SceneTensors:
    """`SceneArrays` on a device; see there for shapes."""

    pattern: Tensor
    look: Tensor
    ground: Tensor
    box: Tensor
    cells: Tensor
    tiles: Tensor
    colors: Tensor
    fill: Tensor


@dataclass(frozen=True, slots=True)
class Tiles:
    """The atlas on a device: all sizes of all tiles in one list of pixels [P, 3]."""

    pixels: Tensor
    starts: Tensor
    """[sizes], where each size begins in the list."""
    sides: Tensor
    """[sizes], largest first."""


def load_tiles(device: torch.device | str) -> Tiles:
    """Put the atlas on a device."""
    levels = [torch.from_numpy(level).reshape(-1, 3) for level in atlas().levels]
    counts = [0, *[len(level) for level in levels[:-1]]]
    return Tiles(
        torch.cat(levels).to(device),
        torch.tensor(counts, device=device).cumsum(0),
        torch.tensor(SIZES, device=device),
    )


def to_device(scenes: SceneArrays, device: torch.device | str) -> SceneTensors:
    """Copy the arrays."""
    fields = {name: torch.from_numpy(getattr(scenes, name)) for name in scenes.__slots__}
    return SceneTensors(**{name: t.to(device, non_blocking=True) for name, t in fields.items()})


def render(
    scenes: SceneTensors, tiles: Tiles, height: int, width: int, paint: Painter | None = None
) -> Tensor:
    """Pictures [B, 3, H, W] in [-1, 1]. Grain, where a look has it, comes from torch's own lot.

    `paint` may be a compiled `paint_item`: one kernel in place of some sixty.
    """
    paint = paint or paint_item
    canvas = paint_backdrop(scenes, height, width)
    for slot in range(scenes.box.shape[1]):
        parts = (scenes.box, scenes.cells, scenes.tiles, scenes.colors, scenes.fill)
        item = (part[:, slot].contiguous() for part in parts)
        canvas = paint(canvas, tiles.pixels, tiles.starts, tiles.sides, scenes.look, *item)
    return finish(canvas, scenes)


def _grid(height: int, width: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Pixel centres in [0, 1], as [1, H, 1] and [1, 1, W]."""
    y = (torch.arange(height, device=device) + 0.5) / height
    x = (torch.arange(width, device=device) + 0.5) / width
    return y[None, :, None], x[None, None, :]


def paint_backdrop(scenes: SceneTensors, height: int, width: int) -> Tensor:
    """The ground behind everything, [B, 3, H, W] in [0, 1]."""
    y, x = _grid(height, width, scenes.box.device)
    dot = ((8 * x) % 1 - 0.5) ** 2 + ((8 * y) % 1 - 0.5) ** 2 < 0.05
    shares = {
        "plain": torch.zeros_like(y * x),
        "fade down": y + 0 * x,
        "fade across": x + 0 * y,
        "horizon": (y > HORIZON) + 0.0 * x,
        "stripes": (10 * x).floor() % 2 + 0 * y,
        "checks": ((8 * x).floor() + (8 * y).floor()) % 2,
        "dots": dot.float(),
        "glow": (((y - 0.5) ** 2 + (x - 0.5) ** 2).sqrt() / 0.6).clamp(max=1.0),
    }
    share = torch.cat([shares[name] for name in PATTERNS])[scenes.pattern][:, None]
    first, second = scenes.ground[:, 0, :, None, None], scenes.ground[:, 1, :, None, None]
    return first + (second - first) * share


def paint_item(
    canvas: Tensor,
    pixels: Tensor,
    starts: Tensor,
    sides: Tensor,
    look: Tensor,
    box: Tensor,
    cells: Tensor,
    tile_ids: Tensor,
    colors: Tensor,
    fill: Tensor,
) -> Tensor:
    """The canvas with one item of every scene painted over it.

    Takes single tensors, the fields of `Tiles` and one slot of `SceneTensors`, to be compiled.
    """
    height, width = canvas.shape[2:]
    y, x = _grid(height, width, canvas.device)
    y0, x0, y1, x1 = (side[:, None, None] for side in box.unbind(-1))
    rows, columns = (count[:, None, None] for count in cells.unbind(-1))
    v = (y - y0) / (y1 - y0).clamp(min=1e-3)
    u = (x - x0) / (x1 - x0).clamp(min=1e-3)
    inside = (v >= 0) & (v < 1) & (u >= 0) & (u < 1)
    row = (v * rows).floor().clamp(min=0).minimum(rows - 1.0)
    column = (u * columns).floor().clamp(min=0).minimum(columns - 1.0)
    cell = (row * columns + column).long()
    tile = tile_ids.gather(1, cell.flatten(1)).view(cell.shape)
    largest = torch.maximum((y1 - y0) * height / rows, (x1 - x0) * width / columns)
    level = (sides >= largest).sum(-1, keepdim=True).clamp(min=1) - 1
    place = (v * rows - row, u * columns - column)
    texel = _sample(pixels, starts[level] + tile * sides[level] ** 2, sides[level], *place)
    cover, accent_share, shade = texel.unbind(-1)
    main, accent = (c[:, :, None, None] for c in colors.unbind(1))
    filling = _filling(fill[:, None, None], u, v)
    color = main + (accent - main) * torch.maximum(filling, accent_share)[:, None]
    color = _shaded(color, (2 * shade - 1)[:, None])
    color = color * _light(look[:, None, None], u, v)[:, None]
    return canvas + (color.clamp(0, 1) - canvas) * (cover * inside)[:, None]


def _sample(pixels: Tensor, base: Tensor, side: Tensor, v: Tensor, u: Tensor) -> Tensor:
    """Bilinear look-up [B, H, W, 3] at (v, u) in [0, 1] of the tiles that begin at `base`."""
    y = (v * side - 0.5).clamp(min=0).minimum(side - 1.0)
    x = (u * side - 0.5).clamp(min=0).minimum(side - 1.0)
    top, left = y.floor().long(), x.floor().long()
    bottom, right = (top + 1).minimum(side - 1), (left + 1).minimum(side - 1)
    fy, fx = (y - top)[..., None], (x - left)[..., None]
    upper = pixels[base + top * side + left] * (1 - fx) + pixels[base + top * side + right] * fx
    lower = pixels[base + bottom * side + left] * (1 - fx)
    lower = lower + pixels[base + bottom * side + right] * fx
    return upper * (1 - fy) + lower * fy


def _filling(fill: Tensor, u: Tensor, v: Tensor) -> Tensor:
    """Share of the accent colour that the fill asks for, before the silhouette's own accents."""
    dot = ((6 * u) % 1 - 0.5) ** 2 + ((6 * v) % 1 - 0.5) ** 2 < 0.07
    share = torch.where(fill == FILLS.index("striped"), (7 * v).floor() % 2 + 0 * u, 0.0)
    share = torch.where(fill == FILLS.index("dotted"), dot.float(), share)
    return torch.where(fill == FILLS.index("fading"), v + 0 * u, share).clamp(0, 1)


def _shaded(color: Tensor, shade: Tensor) -> Tensor:
    """Towards black for negative shade, towards white for positive."""
    return torch.where(shade < 0, color * (1 + 0.65 * shade), color + (1 - color) * 0.7 * shade)


def _light(look: Tensor, u: Tensor, v: Tensor) -> Tensor:
    """How a look lights a thing across its box."""
    soft = 1 + 0.12 * (0.5 - v)
    round_ = 1 + 0.3 * (0.5 - (u + v) / 2)
    lit = torch.where(look == LOOKS.index("photo"), soft + 0 * u, 1.0)
    return torch.where(look == LOOKS.index("solid model"), round_, lit)


def finish(canvas: Tensor, scenes: SceneTensors) -> Tensor:
    """Vignette and grain, and the range that the autoencoder reads."""
    height, width = canvas.shape[2:]
    y, x = _grid(height, width, canvas.device)
    look = scenes.look[:, None, None]
    vignette = 1 - 0.3 * ((y - 0.5) ** 2 + (x - 0.5) ** 2)
    canvas = canvas * torch.where(look == LOOKS.index("photo"), vignette, 1.0)[:, None]
    coarse = torch.randn(len(canvas), 1, height // 4, width // 4, device=canvas.device)
    grain = torch.nn.functional.interpolate(coarse, scale_factor=4.0, mode="bilinear")
    canvas = canvas + 0.012 * grain * (look == LOOKS.index("painting"))[:, None]
    return canvas.clamp(0, 1) * 2 - 1
