"""Things with parts: buildings, vehicles, household goods, animals; strokes as in `sprite`."""

from __future__ import annotations

from generator.draft.world.sprite import Sprite

OBJECTS: dict[str, Sprite] = {
    "house": Sprite(
        ("house", "cottage"),
        (
            ("main", "rect", (10, 42, 90, 100)),
            ("accent", "poly", (0, 44, 50, 0, 100, 44)),
            ("dark", "rect", (42, 64, 60, 100)),
            ("light", "rect", (20, 54, 34, 70)),
            ("light", "rect", (68, 54, 82, 70)),
        ),
        part="roof",
    ),
    "car": Sprite(
        ("car", "automobile"),
        (
            ("main", "poly", (20, 52, 32, 26, 66, 26, 80, 52)),
            ("main", "round", (0, 48, 100, 76, 8)),
            ("light", "poly", (31, 50, 38, 33, 50, 33, 50, 50)),
            ("light", "poly", (54, 50, 54, 33, 63, 33, 71, 50)),
            ("dark", "oval", (12, 62, 36, 86)),
            ("dark", "oval", (64, 62, 88, 86)),
        ),
        faces=True,
    ),
    "boat": Sprite(
        ("sailboat", "sailing boat"),
        (
            ("main", "poly", (0, 72, 100, 72, 82, 100, 18, 100)),
            ("dark", "rect", (47, 0, 52, 74)),
            ("accent", "poly", (52, 4, 92, 66, 52, 66)),
            ("accent", "poly", (47, 14, 47, 66, 12, 66)),
        ),
        part="sail",
    ),
    "rocket": Sprite(
        ("rocket", "spaceship"),
        (
            ("accent", "poly", (30, 56, 8, 88, 30, 84)),
            ("accent", "poly", (70, 56, 92, 88, 70, 84)),
            ("main", "oval", (28, 0, 72, 110)),
            ("hole", "rect", (0, 90, 100, 100)),
            ("light", "oval", (40, 28, 60, 48)),
            ("accent", "poly", (40, 90, 60, 90, 50, 100)),
        ),
        part="fins",
    ),
    "umbrella": Sprite(
        ("umbrella", "parasol"),
        (
            ("accent", "rect", (47, 46, 53, 92)),
            ("accent", "pie", (47, 82, 67, 100, 0, 180)),
            ("main", "pie", (0, 0, 100, 100, 180, 360)),
        ),
        part="handle",
    ),
    "cup": Sprite(
        ("cup", "mug"),
        (
            ("main", "oval", (60, 26, 100, 74)),
            ("hole", "oval", (70, 38, 90, 62)),
            ("main", "round", (0, 10, 78, 100, 12)),
            ("accent", "rect", (0, 10, 78, 24)),
        ),
        part="rim",
    ),
    "bottle": Sprite(
        ("bottle", "flask"),
        (
            ("main", "round", (22, 34, 78, 100, 12)),
            ("main", "poly", (40, 10, 60, 10, 60, 24, 78, 46, 22, 46, 40, 24)),
            ("dark", "rect", (38, 0, 62, 12)),
            ("accent", "rect", (22, 56, 78, 80)),
        ),
        part="label",
    ),
    "book": Sprite(
        ("open book", "book"),
        (
            ("main", "poly", (0, 12, 50, 24, 100, 12, 100, 88, 50, 100, 0, 88)),
            ("accent", "poly", (6, 8, 48, 19, 48, 90, 6, 80)),
            ("accent", "poly", (94, 8, 52, 19, 52, 90, 94, 80)),
            ("main", "line", (4, 14, 32, 40, 38)),
            ("main", "line", (4, 14, 50, 40, 56)),
            ("main", "line", (4, 60, 38, 86, 32)),
            ("main", "line", (4, 60, 56, 86, 50)),
        ),
        part="pages",
    ),
    "crown": Sprite(
        ("crown",),
        (
            ("main", "poly", (0, 20, 26, 56, 50, 8, 74, 56, 100, 20, 90, 90, 10, 90)),
            ("accent", "rect", (10, 76, 90, 90)),
        ),
        part="band",
    ),
    "fish": Sprite(
        ("fish",),
        (
            ("accent", "poly", (30, 50, 0, 20, 0, 80)),
            ("main", "oval", (18, 20, 100, 80)),
            ("dark", "oval", (78, 38, 88, 50)),
        ),
        part="tail",
        faces=True,
    ),
    "bird": Sprite(
        ("bird",),
        (
            ("main", "oval", (14, 34, 78, 86)),
            ("main", "poly", (0, 44, 30, 48, 24, 72)),
            ("main", "oval", (56, 14, 90, 50)),
            ("accent", "poly", (88, 26, 100, 34, 87, 40)),
            ("dark", "oval", (70, 23, 78, 32)),
            ("dark", "poly", (28, 46, 62, 50, 44, 74)),
        ),
        part="beak",
        faces=True,
    ),
    "cat": Sprite(
        ("cat face", "cat head"),
        (
            ("main", "oval", (4, 18, 96, 100)),
            ("main", "poly", (8, 50, 8, 0, 44, 26)),
            ("main", "poly", (92, 50, 92, 0, 56, 26)),
            ("dark", "oval", (26, 46, 38, 62)),
            ("dark", "oval", (62, 46, 74, 62)),
            ("accent", "poly", (43, 66, 57, 66, 50, 76)),
        ),
        part="nose",
    ),
    "butterfly": Sprite(
        ("butterfly",),
        (
            ("main", "oval", (0, 4, 50, 60)),
            ("main", "oval", (50, 4, 100, 60)),
            ("accent", "oval", (10, 50, 50, 98)),
            ("accent", "oval", (50, 50, 90, 98)),
            ("dark", "oval", (45, 10, 55, 96)),
        ),
        part="lower wings",
    ),
    "envelope": Sprite(
        ("envelope", "letter"),
        (
            ("main", "rect", (0, 12, 100, 88)),
            ("accent", "poly", (0, 12, 100, 12, 50, 56)),
        ),
        part="flap",
    ),
    "clock": Sprite(
        ("clock", "wall clock"),
        (
            ("accent", "oval", (0, 0, 100, 100)),
            ("main", "oval", (9, 9, 91, 91)),
            ("dark", "line", (6, 50, 52, 50, 20)),
            ("dark", "line", (6, 50, 50, 74, 50)),
        ),
        part="frame",
    ),
    "flag": Sprite(
        ("flag", "banner"),
        (
            ("accent", "rect", (0, 0, 9, 100)),
            ("main", "poly", (9, 4, 100, 4, 82, 32, 100, 60, 9, 60)),
        ),
        part="pole",
        faces=True,
    ),
    "board": Sprite(
        ("sign board", "blank sign", "panel"), (("main", "round", (0, 0, 100, 100, 9)),)
    ),
}
