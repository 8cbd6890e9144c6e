"""The draft world: captions say what the pictures show, in the real schema."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from generator.draft.world import vocabulary, words
from generator.draft.world.asides import OBJECTS, STRANGE
from generator.draft.world.batch import to_arrays
from generator.draft.world.caption import write_caption
from generator.draft.world.colors import NAMED, delta_e, hex_code, nearest_name
from generator.draft.world.layout import Recipe, draw_scene, random_text, reserved
from generator.draft.world.render import load_tiles, render, to_device
from generator.draft.world.scene import Backdrop, Lettering, Scene, Thing
from promptkit.canonical import canonical
from promptkit.document import read
from promptkit.lint.engine import lint
from tests.generator.draft.lots import lot

RED, WHITE, BLUE = (214, 40, 40), (252, 252, 252), (38, 92, 214)
HALF = Thing("square", "right", (0, 0, 1000, 500), RED, BLUE, stated_accent=False)


def scene_of(*items: Thing | Lettering, size: int = 64) -> Scene:
    return Scene(size, size, "flat", Backdrop("plain", WHITE, WHITE), items)


def painted(scene: Scene) -> np.ndarray:
    image = render(
        to_device(to_arrays([scene]), "cpu"), load_tiles("cpu"), scene.height, scene.width
    )
    return ((image[0].permute(1, 2, 0).numpy() + 1) * 127.5).round()


@pytest.mark.parametrize("held_out", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_captions_are_canonical_and_without_errors(seed: int, held_out: bool) -> None:
    rng = lot(seed)
    text = write_caption(rng, draw_scene(rng, Recipe(held_out=held_out)), held_out=held_out)
    document = read(text)
    assert canonical(document) == text
    assert [f for f in lint(document) if f.severity == "error"] == []


def test_a_caption_gives_boxes_and_palettes_as_drawn() -> None:
    text = Lettering("HI\nYOU", (600, 100, 900, 800), BLUE)
    caption = json.loads(write_caption(lot(3), scene_of(HALF, text), boxes=True, palettes=True))
    thing, letters = caption["compositional_deconstruction"]["elements"]
    assert thing["bbox"] == [0, 0, 1000, 500]
    assert thing["color_palette"] == [hex_code(RED)]
    assert letters["text"] == "HI\nYOU"
    assert letters["bbox"] == [600, 100, 900, 800]
    assert caption["style_description"]["color_palette"] == [hex_code(WHITE)]


def test_a_caption_without_boxes_says_where() -> None:
    caption = write_caption(lot(3), scene_of(HALF), boxes=False)
    assert "bbox" not in caption
    assert "left" in caption


def test_something_strange_is_a_bare_board_which_only_training_has() -> None:
    rng, named = lot(5), set()
    for _ in range(60):
        scene = draw_scene(rng, Recipe(text_share=0.0))
        caption = json.loads(write_caption(rng, scene, boxes=True, palettes=True))
        elements = caption["compositional_deconstruction"]["elements"]
        for item, element in zip(scene.items, elements, strict=True):
            strange = set(OBJECTS) & set(re.findall("[a-z]+", element["desc"]))
            assert isinstance(item, Thing)
            assert bool(strange) == (item.kind == "board")
            named |= strange
    assert len(named) > 5
    for seed in range(40):
        scene = draw_scene(lot(seed), Recipe(held_out=True, text_share=0.0))
        assert "board" not in {item.kind for item in scene.items if isinstance(item, Thing)}


def test_held_out_captions_say_nothing_of_what_training_strews_in() -> None:
    for seed in range(40):
        rng = lot(seed)
        scene = draw_scene(rng, Recipe(held_out=True))
        caption = write_caption(rng, scene, held_out=True)
        prose = re.sub(r'"text":"[^"]*"', "", caption)
        assert not set(STRANGE) & set(re.findall("[a-z-]+", prose))


def test_training_says_no_held_out_phrase() -> None:
    found = 0
    for value in vars(vocabulary).values():
        lists = value.values() if isinstance(value, dict) else (value,)
        for phrases in (each for each in lists if isinstance(each, vocabulary.Phrases)):
            said = {way for phrase in phrases.seen for way in vocabulary.ways_to_say(phrase)}
            assert not any("<" in phrase for phrase in (*said, *phrases.held_out))
            assert not (said & set(phrases.held_out)) - {""}
            found += 1
    assert found > 20


def test_a_box_is_filled_to_its_edges_and_not_beyond() -> None:
    image = painted(scene_of(HALF))
    assert np.abs(image[:, :31] - RED).max() <= 1
    assert np.abs(image[:, 33:] - WHITE).max() <= 1


def test_later_items_cover_earlier_ones() -> None:
    front = Thing("square", "right", (250, 250, 750, 750), BLUE, RED, stated_accent=False)
    image = painted(scene_of(HALF, front))
    assert np.abs(image[32, 24] - BLUE).max() <= 1
    assert np.abs(image[4, 4] - RED).max() <= 1


def test_letters_stand_in_their_cells() -> None:
    image = painted(scene_of(Lettering("I I", (0, 0, 1000, 1000), RED), size=96))
    ink = np.abs(image - WHITE).sum(-1) > 100
    assert ink[:, :32].any()
    assert ink[:, 64:].any()
    assert not ink[:, 36:60].any()


def test_a_seed_draws_the_same_scene() -> None:
    assert draw_scene(lot(5), Recipe()) == draw_scene(lot(5), Recipe())
    assert draw_scene(lot(5), Recipe()) != draw_scene(lot(6), Recipe())


@pytest.mark.parametrize("held_out", [False, True])
def test_pairs_of_kind_and_color_are_split(held_out: bool) -> None:
    rng = lot(0)
    things = [
        item
        for _ in range(60)
        for item in draw_scene(rng, Recipe(held_out=held_out)).items
        if isinstance(item, Thing) and item.kind != "board"
    ]
    assert len(things) > 50
    assert {reserved(t.kind, nearest_name(t.main)) for t in things} == {held_out}


def test_words_are_split() -> None:
    assert not set(words.SEEN) & set(words.HELD_OUT)
    rng = lot(0)
    drawn = {w for _ in range(300) for w in random_text(rng, held_out=False).upper().split()}
    assert not drawn & set(words.HELD_OUT)


def test_boxes_lie_in_the_picture_and_scenes_fit_the_painter() -> None:
    rng = lot(1)
    scenes = [draw_scene(rng, Recipe(192, 320)) for _ in range(80)]
    to_arrays(scenes)
    for item in (item for scene in scenes for item in scene.items):
        y0, x0, y1, x1 = item.box
        assert 0 <= y0 < y1 <= 1000
        assert 0 <= x0 < x1 <= 1000


def test_color_differences() -> None:
    assert delta_e(RED, RED) == 0
    assert delta_e((0, 0, 0), (255, 255, 255)) == pytest.approx(100, abs=0.1)
    assert all(nearest_name(color) == name for name, color in NAMED.items())
