"""Drawing a scene by lot: what stands where, in which colours."""

from __future__ import annotations

import colorsys
import zlib
from dataclasses import dataclass
from random import Random

from generator.draft.world.atlas import atlas
from generator.draft.world.colors import NAMED, Rgb, darker, delta_e, nearest_name
from generator.draft.world.scene import (
    FILLS,
    LOOKS,
    PATTERNS,
    Backdrop,
    Box,
    Lettering,
    Scene,
    Thing,
)
from generator.draft.world.sprites import SPRITES, facings
from generator.draft.world.words import HELD_OUT, SEEN

PITCH = 0.72
"""Width of a letter's cell over its height, in pixels."""
MAX_CELLS = 24
"""Letters in one text, line ends not counted but lines padded to the longest."""
STAND_INS = 0.1
"""Share of the things of training that are something else than the world's kinds."""
_PRACTICE = (6, 3, 3, 5, 3, 3, 2, 3)
_KINDS = tuple(kind for kind in SPRITES if kind != "board")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How scenes are drawn: picture size in pixels, split, and how crowded they are."""

    height: int = 256
    width: int = 256
    held_out: bool = False
    most_things: int = 4
    overlaps: bool = True
    text_share: float = 0.5


def draw_scene(rng: Random, recipe: Recipe) -> Scene:
    """A random scene; the same generator state and recipe give the same scene."""
    backdrop = _backdrop(rng, recipe.held_out)
    grounds = (backdrop.first, backdrop.second)
    texts = 0 if rng.random() > recipe.text_share else rng.choice((1, 1, 1, 2))
    fewest = 0 if texts else 1
    things = rng.choices(
        range(fewest, recipe.most_things + 1), (2, 5, 5, 3, 2)[fewest : recipe.most_things + 1]
    )
    taken: list[Box] = []
    lettering: list[Thing | Lettering] = []
    for _ in range(texts):
        lettering += _lettering(rng, recipe, grounds, taken)
    items: list[Thing | Lettering] = []
    for _ in range(things[0]):
        thing = _thing(rng, recipe, grounds, taken)
        items += [thing] if thing else []
    return Scene(recipe.height, recipe.width, rng.choice(LOOKS), backdrop, (*items, *lettering))


def reserved(kind: str, color: str) -> bool:
    """Whether this pair of kind and colour word is kept out of training (one in twelve)."""
    return zlib.crc32(f"{kind}/{color}".encode()) % 12 == 0


def random_color(rng: Random) -> Rgb:
    """A named colour, slightly off, or any colour at all."""
    if rng.random() < 0.55:
        base = NAMED[rng.choice(tuple(NAMED))]
        return tuple(min(255, max(0, c + rng.randint(-6, 6))) for c in base)  # type: ignore[return-value]
    h, s, v = rng.random(), rng.random() ** 0.6, rng.uniform(0.15, 1.0)
    return tuple(round(255 * c) for c in colorsys.hsv_to_rgb(h, s, v))  # type: ignore[return-value]


def apart(rng: Random, others: tuple[Rgb, ...], distance: float = 32.0) -> Rgb:
    """A random colour that is easily told from the others (or the best of many tries)."""
    best, best_gap = (0, 0, 0), -1.0
    for _ in range(24):
        color = random_color(rng)
        gap = min(delta_e(color, other) for other in others)
        if gap >= distance:
            return color
        if gap > best_gap:
            best, best_gap = color, gap
    return best


def _backdrop(rng: Random, held_out: bool) -> Backdrop:
    """Training sees more of what is hard than captions ask for."""
    pattern = rng.choices(PATTERNS, (9, 3, 2, 4, 1, 1, 1, 2) if held_out else _PRACTICE)[0]
    first = random_color(rng)
    return Backdrop(pattern, first, first if pattern == "plain" else apart(rng, (first,), 18.0))


def _thing(rng: Random, recipe: Recipe, grounds: tuple[Rgb, ...], taken: list[Box]) -> Thing | None:
    if not recipe.held_out and rng.random() < STAND_INS:
        return _stand_in(rng, recipe, grounds, taken)
    kind, main = _pair(rng, recipe.held_out, grounds)
    fill = rng.choices(FILLS, (17, 1, 1, 1))[0]
    stated = fill != "solid" or (bool(SPRITES[kind].part) and rng.random() < 0.6)
    accent = apart(rng, (main, *grounds), 25.0) if stated else darker(main)
    facing = rng.choice(facings(kind))
    aspect = atlas().aspects[kind]
    aspect = (1 / aspect if facing in ("up", "down") else aspect) * 2 ** rng.gauss(0, 0.25)
    area = rng.uniform(0.2, 0.75) ** 2
    loose = recipe.overlaps and rng.random() < 0.15
    box = _place(rng, recipe, area, aspect, taken, 0.3 if loose else 0.02)
    return box and Thing(kind, facing, box, main, accent, stated, fill)


def _stand_in(
    rng: Random, recipe: Recipe, grounds: tuple[Rgb, ...], taken: list[Box]
) -> Thing | None:
    """A bare board in the place of something that the world cannot draw."""
    main = apart(rng, grounds)
    area, aspect = rng.uniform(0.2, 0.75) ** 2, 2 ** rng.gauss(0, 0.6)
    box = _place(rng, recipe, area, aspect, taken, 0.02)
    return box and Thing("board", "right", box, main, darker(main), stated_accent=False)


def _pair(rng: Random, held_out: bool, grounds: tuple[Rgb, ...]) -> tuple[str, Rgb]:
    """A kind and its colour, from the side of the reserved pairs that the split may use."""
    while True:
        kind, main = rng.choice(_KINDS), apart(rng, grounds)
        if reserved(kind, nearest_name(main)) == held_out:
            return kind, main


def _lettering(
    rng: Random, recipe: Recipe, grounds: tuple[Rgb, ...], taken: list[Box]
) -> list[Thing | Lettering]:
    """A text, now and then with a board behind it; nothing if there is no room."""
    text = random_text(rng, recipe.held_out)
    lines = text.split("\n")
    columns = max(map(len, lines))
    aspect = PITCH * columns / len(lines)
    area = min(rng.uniform(0.13, 0.36) ** 2 * columns * len(lines) * PITCH, 0.6)
    box = _place(rng, recipe, area, aspect, taken, 0.02)
    if box is None:
        return []
    if rng.random() > 0.3:
        return [Lettering(text, box, apart(rng, grounds, 40.0))]
    board = apart(rng, grounds)
    y, x = (box[2] - box[0]) * 12 // 100, (box[3] - box[1]) * 6 // 100
    around = (max(0, box[0] - y), max(0, box[1] - x), min(1000, box[2] + y), min(1000, box[3] + x))
    return [
        Thing("board", "right", around, board, darker(board), stated_accent=False),
        Lettering(text, box, apart(rng, (board,), 40.0)),
    ]


def random_text(rng: Random, held_out: bool) -> str:
    """Words, letters or numbers on one to three lines."""
    lines = [_line(rng, held_out) for _ in range(rng.choices((1, 2, 3), (16, 3, 1))[0])]
    while len(lines) > 1 and max(map(len, lines)) * len(lines) > MAX_CELLS:
        lines.pop()
    return "\n".join(lines)


def _line(rng: Random, held_out: bool) -> str:
    lot = rng.random()
    if lot < 0.4:
        line = " ".join(rng.choices(HELD_OUT if held_out else SEEN, k=rng.choice((1, 1, 1, 2))))[
            :12
        ].strip()
    elif lot < 0.86:
        line = "".join(rng.choices(_LETTERS, k=rng.randint(1, 8)))
    else:
        line = str(rng.randint(0, 10 ** rng.randint(1, 4))) + rng.choice(("", "", "%", "!", "+"))
    case = rng.random()
    line = line if case < 0.8 else line.title() if case < 0.92 else line.lower()
    return line + rng.choice(("", "", "", "", "", "", "!", "?", "."))


def _place(
    rng: Random, recipe: Recipe, area: float, aspect: float, taken: list[Box], overlap: float
) -> Box | None:
    """A free box of about this share of the picture and this shape in pixels; shrinks to fit."""
    for attempt in range(24):
        shrink = 0.93**attempt
        square = area * shrink * shrink * recipe.width * recipe.height
        high = (square / aspect) ** 0.5 / recipe.height * 1000
        wide = (square * aspect) ** 0.5 / recipe.width * 1000
        fit = min(1.0, 960 / high, 960 / wide)
        h, w = round(high * fit), round(wide * fit)
        y, x = rng.randint(10, 990 - h), rng.randint(10, 990 - w)
        box = (y, x, y + h, x + w)
        if min(h, w) < 80:
            return None
        if all(_covered(box, other) <= overlap for other in taken):
            taken.append(box)
            return box
    return None


def _covered(a: Box, b: Box) -> float:
    """Shared area over the smaller box's area."""
    high = min(a[2], b[2]) - max(a[0], b[0])
    wide = min(a[3], b[3]) - max(a[1], b[1])
    if high <= 0 or wide <= 0:
        return 0.0
    smaller = min((a[2] - a[0]) * (a[3] - a[1]), (b[2] - b[0]) * (b[3] - b[1]))
    return high * wide / smaller
