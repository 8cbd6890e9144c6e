"""The shipped draft checkpoint: whole, small, as its card says, and drawing what is asked."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from generator import draft
from generator.checkpoint import open_checkpoint
from generator.draft.provenance import weights_fingerprint, world_fingerprint
from generator.draft.scoring.lab import distance, to_lab
from generator.draft.scoring.letters import read
from generator.draft.scoring.report import held_out, paint_truth, score
from generator.draft.scoring.things import find_thing
from generator.draft.tokens import number_values
from generator.draft.world.colors import NAMED
from generator.draft.world.scene import Backdrop, Lettering, Scene, Thing
from generator.draft.world.sprites import SPRITES
from generator.pipeline import Ideogram4Pipeline
from generator.tokenizer import PromptTokenizer

SKY, RED, NAVY = (116, 190, 240), (214, 40, 40), (18, 32, 92)
SIGN = (
    '{"compositional_deconstruction":{"background":"a plain sky blue wall","elements":['
    '{"type":"obj","bbox":[450,300,900,700],"desc":"a red star","color_palette":["#D62828"]},'
    '{"type":"text","bbox":[100,100,330,900],"text":"BOATS","desc":"bold navy letters",'
    '"color_palette":["#12205C"]}]}}'
)
CAPTION = (
    '{"compositional_deconstruction":{"background":"a plain blue wall","elements":['
    '{"type":"obj","bbox":[200,200,700,700],"desc":"a red circle","color_palette":["#D62828"]}]}}'
)
CARD = draft.folder() / "MODEL_CARD.md"


@pytest.fixture(scope="module")
def pipe() -> Ideogram4Pipeline:
    return Ideogram4Pipeline.from_pretrained(
        draft.folder(), device="cpu", torch_dtype=torch.float32
    )


def test_it_is_at_most_20_megabytes() -> None:
    files = [path for path in draft.folder().rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 20_000_000


def test_the_card_names_these_weights_and_this_world() -> None:
    card = CARD.read_text(encoding="utf-8")
    assert weights_fingerprint(draft.folder()) in card
    assert world_fingerprint() in card


def test_the_card_lists_what_it_can_draw() -> None:
    card = " ".join(CARD.read_text(encoding="utf-8").split())
    for sprite in SPRITES.values():
        for word in sprite.words:
            assert re.search(rf"\b{word}\b", card), word
    assert ", ".join(NAMED) in card


def test_it_has_a_name_in_python_too(pipe: Ideogram4Pipeline) -> None:
    named = Ideogram4Pipeline.from_pretrained("draft", device="cpu")
    assert named.fingerprint == pipe.fingerprint


def test_every_network_states_its_own_sizes() -> None:
    sizes = open_checkpoint(draft.folder()).sizes
    assert sizes.unconditional is not None
    assert sizes.unconditional.num_layers < sizes.transformer.num_layers


def test_its_tokenizer_knows_numbers_whole() -> None:
    checkpoint = open_checkpoint(draft.folder())
    tokenizer = PromptTokenizer(checkpoint.tokenizer, checkpoint.sizes.text_encoder.vocab_size)
    assert len(tokenizer.encode(CAPTION)) < 50
    assert len(number_values(Tokenizer.from_file(str(checkpoint.tokenizer)))) == 2 * 1001 + 256


def test_a_thing_and_a_word_are_drawn_as_asked(pipe: Ideogram4Pipeline) -> None:
    image = pipe(SIGN, height=256, width=256, seed=1, preset="DRAFT_12")
    picture = np.asarray(image, np.float32) / 255
    word = Lettering("BOATS", (100, 100, 330, 900), NAVY)
    star = Thing("star", "right", (450, 300, 900, 700), RED, RED, stated_accent=False)
    without_star, without_word = (
        paint_truth([Scene(256, 256, "flat", Backdrop("plain", SKY, SKY), (rest,))])[0]
        for rest in (word, star)
    )
    found = find_thing(picture, without_star, star)
    assert found.iou > 0.8
    assert found.delta_e < 15
    assert found.kind == "star"
    assert read(picture, without_word, word) == "BOATS"


def test_held_out_captions_are_drawn_as_asked(pipe: Ideogram4Pipeline) -> None:
    requests = held_out(10)
    pictures = [
        np.asarray(pipe(r.caption, height=256, width=256, seed=k, preset="DRAFT_12"), np.float32)
        / 255
        for k, r in enumerate(requests)
    ]
    ours = score(pictures, requests)
    assert ours.box_iou >= 0.85
    assert ours.colors_right >= 0.95
    assert ours.kinds_right >= 0.8  # of twenty, two of which are hardly larger than a token
    assert ours.texts_readable >= 0.8
    none = score(pictures[1:] + pictures[:1], requests)
    assert none.box_iou < 0.5
    assert max(none.colors_right, none.kinds_right, none.texts_readable) < 0.3


def test_guidance_and_seed_change_the_picture(pipe: Ideogram4Pipeline) -> None:
    def draw(seed: int, scale: float) -> np.ndarray:
        image = pipe(
            CAPTION, cfg_scale=scale, height=64, width=64, seed=seed, num_inference_steps=2
        )
        return to_lab(np.asarray(image, np.float32) / 255)

    first = draw(1, 3.0)
    assert distance(first, draw(2, 3.0)).mean() > 0.5
    assert distance(first, draw(1, 1.0)).mean() > 0.5
    assert distance(first, draw(1, 3.0)).max() == 0
