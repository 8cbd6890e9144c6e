"""Scores of a set of pictures against the scenes that were asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np
import torch

from generator.draft.scoring.lab import Floats
from generator.draft.scoring.letters import is_large, read, same_text
from generator.draft.scoring.things import find_thing
from generator.draft.world.batch import to_arrays
from generator.draft.world.caption import write_caption
from generator.draft.world.layout import Recipe, draw_scene
from generator.draft.world.render import load_tiles, render, to_device
from generator.draft.world.scene import Lettering, Scene
from generator.draft.world.vocabulary import Phrases

LOT = 987_654
"""Seed of the captions that checkpoints are compared by."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A held-out request."""

    scene: Scene
    caption: str


@dataclass(frozen=True, slots=True)
class Report:
    """Means over a set of pictures; shares are of 1."""

    things: int
    box_iou: float
    colors_right: float
    """Share of things whose main colour is within a CIE 1976 difference of 15."""
    kinds_right: float
    large_texts: int
    texts_readable: float

    def __str__(self) -> str:
        return (
            f"{self.things} things: box IoU {self.box_iou:.3f}, colour {self.colors_right:.1%}, "
            f"kind {self.kinds_right:.1%}; {self.large_texts} large texts: "
            f"readable {self.texts_readable:.1%}"
        )


def held_out(
    count: int,
    *,
    seed: int = LOT,
    height: int = 256,
    width: int = 256,
    instead: Mapping[Phrases, tuple[str, ...]] | None = None,
) -> list[Asked]:
    """Requests whose phrases, pairs of kind and colour, and words training never saw.

    Every element has its box and its palette, so that what was asked can be measured. `instead`
    are phrases to say for the held-out ones.
    """
    recipe = Recipe(height, width, held_out=True, overlaps=False)
    asked = []
    for k in range(count):
        rng = Random(seed + k)  # noqa: S311  (a reproducible lot, not a secret)
        scene = draw_scene(rng, recipe)
        caption = write_caption(
            rng, scene, held_out=True, boxes=True, palettes=True, instead=instead
        )
        asked.append(Asked(scene, caption))
    return asked


def paint_truth(scenes: Sequence[Scene]) -> list[Floats]:
    """The world's own pictures of the scenes, [H, W, 3] in [0, 1], without grain."""
    plain = [replace(s, look="flat") if s.look == "painting" else s for s in scenes]
    images = []
    for scene in plain:
        pixels = render(
            to_device(to_arrays([scene]), "cpu"), load_tiles("cpu"), scene.height, scene.width
        )
        images.append(((pixels[0].permute(1, 2, 0) + 1) / 2).numpy())
    return images


def score(pictures: Iterable[Floats], requests: Sequence[Asked]) -> Report:
    """Measure pictures [H, W, 3] in [0, 1] against what was asked, in order."""
    ious: list[float] = []
    gaps: list[float] = []
    kinds: list[bool] = []
    texts: list[bool] = []
    for image, request in zip(pictures, requests, strict=True):
        scene = request.scene
        for n, item in enumerate(scene.items):
            if isinstance(item, Lettering) and not is_large(item):
                continue
            others = (*scene.items[:n], *scene.items[n + 1 :])
            base = paint_truth([replace(scene, items=others)])[0]
            if isinstance(item, Lettering):
                texts.append(same_text(read(image, base, item), item.text))
            elif item.kind != "board":
                found = find_thing(image, base, item)
                ious.append(found.iou)
                gaps.append(found.delta_e)
                kinds.append(found.kind == item.kind)
    return Report(
        things=len(ious),
        box_iou=_mean(ious),
        colors_right=_mean([gap <= 15 for gap in gaps]),
        kinds_right=_mean(kinds),
        large_texts=len(texts),
        texts_readable=_mean(texts),
    )


def to_picture(image_3HW: torch.Tensor) -> Floats:
    """A network's output in [-1, 1] as the scorer reads pictures, rounded to 8 bits."""
    eight_bit = ((image_3HW.float().clamp(-1, 1) + 1) * 127.5).round() / 255
    picture: Floats = eight_bit.permute(1, 2, 0).cpu().numpy()
    return picture


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else float("nan")
