"""What training asks about a picture on the way: places, tiles, and what tokens speak of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from generator.draft.tokens import encode
from generator.draft.training.lessons import (
    LETTER_WEIGHT,
    THING_WEIGHT,
    Lessons,
    answers,
    by_token,
    spoken_of,
)
from generator.draft.training.marks import Marker
from generator.draft.training.sizes import draft_sizes, tiny_sizes
from generator.draft.training.stream import draft_tokenizer
from generator.draft.training.thumbnails import thumbnails
from generator.draft.training.unpack import fits, unpack_thumbnails
from generator.draft.world.atlas import atlas
from generator.draft.world.batch import to_arrays
from generator.draft.world.caption import write_caption
from generator.draft.world.render import SceneTensors, load_tiles, render, to_device
from generator.draft.world.scene import PATTERNS, Backdrop, Lettering, Scene, Thing
from generator.model.autoencoder import Autoencoder
from tests.generator.draft.lots import lot

RED, WHITE, BLUE = (214, 40, 40), (252, 252, 252), (38, 92, 214)
STAR = Thing("star", "right", (0, 0, 500, 500), RED, BLUE, stated_accent=False)
TEXT = Lettering("ABC\nX", (500, 0, 1000, 750), BLUE)
MARKS = torch.tensor([[-1, 0, 1, 1]]), torch.tensor([[-1, -1, -1, 4]])
"""Slots and cells of four tokens: none, the star, the text, its X."""
SCENE = Scene(256, 256, "flat", Backdrop("plain", WHITE, WHITE), (STAR, TEXT))


@pytest.fixture(scope="module")
def scenes() -> SceneTensors:
    return to_device(to_arrays([SCENE]), "cpu")


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return draft_tokenizer(80)


def test_thumbnails_are_linear_and_keep_colours_in_place() -> None:
    image = torch.zeros(1, 3, 16, 16)
    image[:, 0, :8, 8:] = 1.0
    latents = thumbnails(image)
    assert latents.shape == (1, 32, 2, 2)
    assert latents[0, :, 0, 0].abs().max() == 0
    torch.testing.assert_close(latents[0, :16, 0, 1], torch.full((16,), 0.299))
    torch.testing.assert_close(latents[0, 16:24, 0, 1], torch.full((8,), -0.299))
    torch.testing.assert_close(latents[0, 24:, 0, 1], torch.full((8,), 0.701))
    torch.testing.assert_close(thumbnails(2 * image), 2 * latents)


def test_thumbnails_sample_luma_finer_than_colour() -> None:
    image = torch.zeros(1, 3, 8, 8)
    image[:, :, 2:4, 6:8] = 1.0
    latents = thumbnails(image)[0, :, 0, 0]
    assert latents[:16].nonzero().flatten().tolist() == [1 * 4 + 3]
    assert latents[16:].abs().max() < 1e-6


def test_answers_say_what_stands_where(scenes: SceneTensors) -> None:
    asked = answers(scenes, (2, 2))
    star, glyphs = atlas().sprites["star", "right"], atlas().glyphs
    bare = len(atlas().levels[0]) + PATTERNS.index("plain")
    assert asked.tile[0].tolist() == [
        [star, star, bare, bare],
        [star, star, bare, bare],
        [glyphs["A"], glyphs["B"], glyphs["C"], bare],
        [0, glyphs["X"], 0, bare],
    ]
    assert asked.weight[0, :, 3].tolist() == [1, 1, 1, 1]
    assert asked.weight[0, 0, 0] == 1 + THING_WEIGHT
    assert asked.weight[0, 2, 0] == 1 + LETTER_WEIGHT
    torch.testing.assert_close(asked.numbers[0, 1, 0, :2], torch.tensor([0.75, 0.25]))
    torch.testing.assert_close(asked.numbers[0, 2, 1, :2], torch.tensor([0.5, 0.5]))
    torch.testing.assert_close(asked.numbers[0, 0, 0, 2:5], torch.tensor(RED) / 255)
    ground = torch.tensor([1 / 8, 7 / 8, *(c / 255 for c in (*WHITE, *WHITE))])
    torch.testing.assert_close(asked.numbers[0, 0, 3], ground)


def test_small_things_weigh_more() -> None:
    tiny = replace(SCENE, items=(replace(STAR, box=(0, 0, 250, 250)),))
    asked = answers(to_device(to_arrays([tiny]), "cpu"), (2, 2))
    assert asked.weight[0, 0].tolist() == pytest.approx([1 + THING_WEIGHT * 1.92**0.5, 1, 1, 1])


def test_places_are_grouped_by_image_token() -> None:
    places = torch.arange(24).reshape(1, 4, 6)
    assert by_token(places)[0, 1].tolist() == [2, 3, 8, 9]
    assert by_token(places[..., None].expand(-1, -1, -1, 5)).shape == (1, 6, 4, 5)


def test_tokens_are_marked_with_what_they_speak_of(tokenizer: Tokenizer) -> None:
    caption = write_caption(lot(0), SCENE, boxes=True, palettes=True)
    (row,) = encode(tokenizer, [caption])
    slots, cells = Marker(tokenizer).mark([SCENE], np.array([row], np.int16), 1)
    pieces = [tokenizer.id_to_token(index) for index in row]
    spelled = [(p, c) for p, c in zip(pieces, cells[0].tolist(), strict=True) if c >= 0]
    assert spelled == [("A", 0), ("B", 1), ("C", 2), ("X", 4)]
    assert {int(s) for s, c in zip(slots[0], cells[0], strict=True) if c >= 0} == {1}
    assert (np.diff(slots[0][slots[0] >= 0]) >= 0).all()
    assert slots[0][pieces.index("[0")] == 0
    assert slots[0][pieces.index("[500")] == 1
    assert slots[0][-1] == -1


def test_tokens_are_asked_for_the_letter_or_thing_or_ground_they_speak_of(
    scenes: SceneTensors,
) -> None:
    spoken = spoken_of(scenes, *MARKS)
    assert spoken.known.tolist() == [[False, True, True, True]]
    ground = len(atlas().levels[0]) + PATTERNS.index("plain")
    star, glyphs = atlas().sprites["star", "right"], atlas().glyphs
    assert spoken.tile[0].tolist() == [ground, star, 0, glyphs["X"]]
    torch.testing.assert_close(spoken.boxes[0, 1], torch.tensor([0, 0, 0.5, 0.5]))
    torch.testing.assert_close(spoken.boxes[0, 2], torch.tensor([0.5, 0, 1, 0.75]))
    torch.testing.assert_close(spoken.boxes[0, 3], torch.tensor([0.75, 0.25, 1, 0.5]))
    for token, colors in enumerate(((WHITE, WHITE), (RED, BLUE), (BLUE, BLUE), (BLUE, BLUE))):
        torch.testing.assert_close(
            spoken.colors[0, token], torch.tensor(colors).flatten() / 255, msg=str(token)
        )


def test_lessons_can_be_learned(scenes: SceneTensors) -> None:
    torch.manual_seed(0)
    lessons = Lessons(24)
    h, text = torch.randn(1, 4, 24), torch.randn(1, 4, 24)
    spoken, asked = spoken_of(scenes, *MARKS), answers(scenes, (2, 2))
    optimizer = torch.optim.Adam(lessons.parameters(), lr=0.02)
    seen = []
    for _ in range(60):
        each = (
            lessons.picture_loss(h, asked),
            lessons.text_loss(0, text, spoken),
            lessons.text_loss(1, text, spoken),
        )
        optimizer.zero_grad()
        torch.autograd.backward(each)
        optimizer.step()
        seen.append([loss.item() for loss in each])
    assert all(last < 0.2 * first for first, last in zip(seen[0], seen[-1], strict=True))


def test_an_untrained_decoder_already_unpacks_thumbnails() -> None:
    torch.manual_seed(0)
    autoencoder = Autoencoder(draft_sizes(3000).autoencoder)
    assert fits(autoencoder)
    unpack_thumbnails(autoencoder)
    scene = Scene(256, 256, "flat", Backdrop("fade down", RED, BLUE), (STAR,))
    image = render(to_device(to_arrays([scene]), "cpu"), load_tiles("cpu"), 256, 256)
    with torch.no_grad():
        restored = autoencoder.decode(thumbnails(image))
    assert (restored - image).square().mean().sqrt() < 0.2
    assert (restored - image).abs().median() < 0.03


def test_a_decoder_of_other_sizes_is_left_to_training() -> None:
    assert not fits(Autoencoder(tiny_sizes(3000).autoencoder))
