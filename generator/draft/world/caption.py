"""From a scene to its caption, in the schema and key order that the real model reads."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from random import Random
from typing import Any

from generator.draft.world import asides
from generator.draft.world import vocabulary as say
from generator.draft.world.colors import hex_code, nearest_name
from generator.draft.world.scene import Box, Lettering, Scene, Thing
from generator.draft.world.sprites import SPRITES, facings

NAMELESS = 0.3
"""Share of the things of training whose colour only their palette says."""


def write_caption(
    rng: Random,
    scene: Scene,
    *,
    held_out: bool = False,
    boxes: bool | None = None,
    palettes: bool | None = None,
    instead: Mapping[say.Phrases, tuple[str, ...]] | None = None,
) -> str:
    """A compact caption of the scene.

    `held_out` takes the phrases that training never uses. `boxes` gives every element its box
    (True), none (False), or leaves it to the lot (None); a box left out is put in words. In the
    same way `palettes` says whether colours are given exactly. `instead` are other phrases to say,
    for some or all of those of the vocabulary.
    """
    writer = _Writer(rng, held_out, instead or {})
    boxed = {True: 1.0, False: 0.0, None: rng.choices((1.0, 0.5, 0.0), (16, 2, 2))[0]}[boxes]
    exact = {True: 1.0, False: 0.0, None: rng.choices((1.0, 0.5, 0.0), (15, 3, 2))[0]}[palettes]
    elements = [
        writer.element(
            item,
            boxed=rng.random() < boxed,
            palette=rng.random() < exact,
            bare=isinstance(item, Thing) and _is_bare(item, scene),
        )
        for item in scene.items
    ]
    root: dict[str, Any] = {}
    if held_out or rng.random() < 0.75:
        root["high_level_description"] = writer.overview(scene)
    exact_ground = rng.random() < 0.7 if palettes is None else palettes
    if exact_ground or rng.random() < 0.5:
        root["style_description"] = writer.style(scene, palette=exact_ground)
    root["compositional_deconstruction"] = {
        "background": writer.background(scene),
        "elements": elements,
    }
    text = json.dumps(root, separators=(",", ":"), ensure_ascii=False)
    return re.sub(r"\b([Aa]) (?=[aeiou])", r"\1n ", text)


class _Writer:
    """Fills phrases of one split by one generator."""

    def __init__(
        self, rng: Random, held_out: bool, instead: Mapping[say.Phrases, tuple[str, ...]]
    ) -> None:
        self._rng = rng
        self._held_out = held_out
        self._instead = instead

    def _say(self, phrases: say.Phrases) -> str:
        phrase = self._rng.choice(self._instead.get(phrases) or phrases.of(self._held_out))
        return re.sub(r"<(\w+)>", lambda found: self._rng.choice(say.WORDS[found[1]]), phrase)

    def _quality(self) -> str:
        """Held-out captions have neutral words of their own, in their phrases."""
        return "" if self._held_out else asides.quality(self._rng, 0.2)

    def _remark(self) -> str:
        return "" if self._held_out else asides.remark(self._rng, 0.25)

    def _mood(self) -> str:
        return "" if self._held_out else asides.mood(self._rng, 0.25)

    def element(
        self, item: Thing | Lettering, *, boxed: bool, palette: bool, bare: bool
    ) -> dict[str, Any]:
        """One element; `bare` is a board that bears no text, which stands for something else."""
        out: dict[str, Any] = {"type": "text" if isinstance(item, Lettering) else "obj"}
        if boxed:
            out["bbox"] = list(item.box)
        if isinstance(item, Lettering):
            out["text"] = item.text
            out["desc"] = self._say(say.LETTERING).format(color=nearest_name(item.color))
            out["desc"] += self._remark()
            colors = [item.color]
        else:
            out["desc"] = self._thing(item, placed=not boxed, palette=palette, bare=bare)
            colors = [item.main, item.accent] if item.stated_accent else [item.main]
        if not boxed and isinstance(item, Lettering):
            out["desc"] += self._place(item.box)
        if palette:
            out["color_palette"] = [hex_code(color) for color in colors]
        return out

    def _noun(self, thing: Thing, *, bare: bool) -> str:
        if bare and not self._held_out:
            return asides.something(self._rng)
        return self._quality() + self._rng.choice(SPRITES[thing.kind].words)

    def _thing(self, thing: Thing, *, placed: bool, palette: bool, bare: bool) -> str:
        nameless = palette and self._rng.random() < (0.2 if self._held_out else NAMELESS)
        words = self._say(say.NAMELESS if nameless else say.THING).format(
            size=self._size(thing.box) if placed or self._rng.random() < 0.3 else "",
            color=nearest_name(thing.main),
            noun=self._noun(thing, bare=bare),
        )
        if len(facings(thing.kind)) > 1 and (thing.facing != "right" or self._rng.random() < 0.5):
            words += self._say(say.FACING).format(way=thing.facing)
        accent = nearest_name(thing.accent)
        words += self._say(say.FILL[thing.fill]).format(accent=accent)
        if thing.fill == "solid" and thing.stated_accent:
            words += self._say(say.PART).format(accent=accent, part=SPRITES[thing.kind].part)
        if placed or self._rng.random() < 0.2:
            words += self._place(thing.box)
        return words + self._remark()

    def _size(self, box: Box) -> str:
        share = (box[2] - box[0]) * (box[3] - box[1]) / 1e6
        return next(word for most, word in say.SIZES if share <= most) + " "

    def _place(self, box: Box) -> str:
        row = _third((box[0] + box[2]) / 2, ("top", "", "bottom"), ("upper", "", "lower"))
        column = _third((box[1] + box[3]) / 2, ("left", "", "right"), ("left", "", "right"))
        if row[0] and column[0]:
            zone = f"{self._rng.choice(row)} {column[0]}"
        else:
            zone = row[0] or column[0] or self._rng.choice(("center", "middle"))
        return self._say(say.PLACE).format(zone=zone)

    def overview(self, scene: Scene) -> str:
        names = [
            "a text" if isinstance(i, Lettering) else f"a {nearest_name(i.main)} {_name(i, scene)}"
            for i in scene.items
        ]
        what = (
            ", ".join(names[:-1]) + " and " * (len(names) > 1) + names[-1] if names else "nothing"
        )
        return self._say(say.OVERVIEW).format(
            what=what,
            What=what[0].upper() + what[1:],
            ground=f"{nearest_name(scene.backdrop.first)} ground",
            medium=self._rng.choice(say.MEDIUM_WORDS[scene.look]),
        )

    def background(self, scene: Scene) -> str:
        ground = scene.backdrop
        return (
            self._say(say.BACKGROUND[ground.pattern]).format(
                first=nearest_name(ground.first), second=nearest_name(ground.second)
            )
            + self._remark()
        )

    def style(self, scene: Scene, *, palette: bool) -> dict[str, Any]:
        medium = self._rng.choice(say.MEDIUM[scene.look])
        style: dict[str, Any] = {
            "aesthetics": self._say(say.AESTHETICS) + self._mood(),
            "lighting": self._say(say.LIGHTING) + self._mood(),
        }
        if scene.look == "photo":
            style |= {"photo": self._rng.choice(say.PHOTO), "medium": medium}
        else:
            style |= {"medium": medium, "art_style": self._rng.choice(say.ART_STYLE[scene.look])}
        if palette:
            grounds = (scene.backdrop.first, scene.backdrop.second)
            style["color_palette"] = [hex_code(c) for c in dict.fromkeys(grounds)]
        return style


def _name(thing: Thing, scene: Scene) -> str:
    return "thing" if _is_bare(thing, scene) else SPRITES[thing.kind].words[0]


def _is_bare(thing: Thing, scene: Scene) -> bool:
    """Whether it is a board with no text on it."""
    texts = (item.box for item in scene.items if isinstance(item, Lettering))
    top, left, bottom, right = thing.box
    return thing.kind == "board" and not any(
        top <= box[0] and left <= box[1] and box[2] <= bottom and box[3] <= right for box in texts
    )


def _third(
    center: float, words: tuple[str, str, str], others: tuple[str, str, str]
) -> tuple[str, str]:
    """Two words for the third of the picture in which a centre (0 to 1000) lies."""
    k = 0 if center < 360 else 2 if center > 640 else 1
    return words[k], others[k]
