"""Shapes, and things of sky and garden; strokes as in `sprite`."""

from __future__ import annotations

import math

from generator.draft.world.sprite import Sprite, Stroke


def _polygon(sides: int, turn: float = -90.0) -> tuple[float, ...]:
    angles = [math.radians(turn + 360 * k / sides) for k in range(sides)]
    return tuple(f(a) * 50 + 50 for a in angles for f in (math.cos, math.sin))


def _star(points: int, inner: float, turn: float = -90.0) -> tuple[float, ...]:
    out: list[float] = []
    for k in range(2 * points):
        radius = 50.0 if k % 2 == 0 else 50.0 * inner
        angle = math.radians(turn + 180 * k / points)
        out += [50 + radius * math.cos(angle), 50 + radius * math.sin(angle)]
    return tuple(out)


def _petals(count: int, distance: float, radius: float) -> tuple[Stroke, ...]:
    centers = [
        (
            50 + distance * math.cos(2 * math.pi * k / count),
            50 + distance * math.sin(2 * math.pi * k / count),
        )
        for k in range(count)
    ]
    return tuple(
        ("main", "oval", (x - radius, y - radius, x + radius, y + radius)) for x, y in centers
    )


FIGURES: dict[str, Sprite] = {
    "circle": Sprite(("circle", "disc"), (("main", "oval", (0, 0, 100, 100)),)),
    "square": Sprite(("square", "block"), (("main", "rect", (0, 0, 100, 100)),)),
    "triangle": Sprite(("triangle",), (("main", "poly", (50, 0, 100, 100, 0, 100)),)),
    "diamond": Sprite(
        ("diamond", "rhombus"), (("main", "poly", (50, 0, 100, 50, 50, 100, 0, 50)),)
    ),
    "star": Sprite(("star", "five-pointed star"), (("main", "poly", _star(5, 0.42)),)),
    "cross": Sprite(
        ("cross", "plus sign"),
        (("main", "rect", (33, 0, 67, 100)), ("main", "rect", (0, 33, 100, 67))),
    ),
    "ring": Sprite(
        ("ring", "hoop"),
        (("main", "oval", (0, 0, 100, 100)), ("hole", "oval", (26, 26, 74, 74))),
    ),
    "heart": Sprite(
        ("heart",),
        (
            ("main", "oval", (0, 0, 54, 54)),
            ("main", "oval", (46, 0, 100, 54)),
            ("main", "poly", (3, 38, 50, 96, 97, 38, 50, 20)),
        ),
    ),
    "moon": Sprite(
        ("crescent moon", "crescent"),
        (("main", "oval", (0, 0, 100, 100)), ("hole", "oval", (32, -8, 120, 84))),
    ),
    "arrow": Sprite(
        ("arrow",),
        (("main", "rect", (0, 32, 58, 68)), ("main", "poly", (54, 4, 100, 50, 54, 96))),
        faces=True,
    ),
    "lightning": Sprite(
        ("lightning bolt", "thunderbolt"),
        (("main", "poly", (58, 0, 14, 56, 44, 56, 30, 100, 86, 36, 54, 36, 76, 0)),),
    ),
    "cloud": Sprite(
        ("cloud",),
        (
            ("main", "oval", (0, 38, 44, 80)),
            ("main", "oval", (20, 16, 66, 66)),
            ("main", "oval", (52, 30, 100, 80)),
            ("main", "rect", (20, 52, 78, 80)),
        ),
    ),
    "sun": Sprite(
        ("sun",),
        (("accent", "poly", _star(12, 0.68)), ("main", "oval", (19, 19, 81, 81))),
        part="rays",
    ),
    "flower": Sprite(
        ("flower", "blossom"),
        (*_petals(6, 30, 20), ("accent", "oval", (33, 33, 67, 67))),
        part="center",
    ),
    "tree": Sprite(
        ("tree", "leafy tree"),
        (("accent", "rect", (42, 58, 58, 100)), ("main", "oval", (8, 0, 92, 70))),
        part="trunk",
    ),
    "pine": Sprite(
        ("pine tree", "fir tree"),
        (
            ("accent", "rect", (42, 80, 58, 100)),
            ("main", "poly", (50, 0, 80, 38, 20, 38)),
            ("main", "poly", (50, 18, 90, 62, 10, 62)),
            ("main", "poly", (50, 40, 98, 86, 2, 86)),
        ),
        part="trunk",
    ),
}
