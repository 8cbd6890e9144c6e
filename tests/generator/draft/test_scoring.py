"""The scorer: the world's own pictures score near one, wrong ones do not."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from generator.draft import folder
from generator.draft.scoring.__main__ import open_pipeline
from generator.draft.scoring.lab import Floats, to_lab
from generator.draft.scoring.letters import is_large, read, same_text
from generator.draft.scoring.other_hand import OTHER_HAND
from generator.draft.scoring.report import Asked, held_out, paint_truth, score
from generator.draft.scoring.sheet import load_sheet, save_sheet
from generator.draft.scoring.things import find_thing
from generator.draft.world.colors import lab
from generator.draft.world.scene import Backdrop, Lettering, Scene, Thing
from generator.draft.world.vocabulary import ways_to_say
from generator.ops import REFERENCE, Ops, Tier
from generator.ops.tiers import PLAIN
from promptkit.document import read as read_caption
from promptkit.lint.engine import lint

RED, CREAM, BLUE = (214, 40, 40), (250, 240, 214), (38, 92, 214)
STAR = Thing("star", "right", (200, 300, 700, 800), RED, BLUE, stated_accent=False)


def scene_of(*items: Thing | Lettering) -> Scene:
    return Scene(128, 128, "flat", Backdrop("plain", CREAM, CREAM), items)


EMPTY = paint_truth([scene_of()])[0]


def slots(phrase: str) -> set[str]:
    return set(re.findall("{[a-z]+}", phrase.lower()))


def drawn(*items: Thing | Lettering) -> Floats:
    return paint_truth([scene_of(*items)])[0]


def test_truth_scores_near_one_and_other_pictures_do_not() -> None:
    requests = held_out(6, height=128, width=128)
    truth = paint_truth([request.scene for request in requests])
    best = score(truth, requests)
    assert best.things >= 6
    assert best.box_iou > 0.95
    assert best.colors_right == 1.0
    worst = score(truth[1:] + truth[:1], requests)
    assert worst.box_iou < 0.6
    assert worst.colors_right < 0.4
    assert worst.kinds_right < 0.4


@pytest.mark.parametrize(("tier", "ops"), [(None, REFERENCE), *PLAIN.items()])
def test_a_checkpoint_is_scored_in_the_arithmetic_of_a_tier(tier: Tier | None, ops: Ops) -> None:
    pipe = open_pipeline(folder(), torch.float32, tier)
    assert pipe.transformer.ops.linear is ops.linear
    assert pipe.transformer.ops.norm_rotate is ops.norm_rotate


def test_a_thing_is_found_as_drawn() -> None:
    found = find_thing(drawn(STAR), EMPTY, STAR)
    assert found.iou > 0.93
    assert found.delta_e < 2
    assert found.kind == "star"


def test_a_shifted_thing_loses_overlap() -> None:
    shifted = replace(STAR, box=(300, 300, 800, 800))
    assert find_thing(drawn(shifted), EMPTY, STAR).iou == pytest.approx(2 / 3, abs=0.06)


def test_another_color_is_seen() -> None:
    assert find_thing(drawn(replace(STAR, main=(150, 40, 120))), EMPTY, STAR).delta_e > 15


def test_another_kind_is_seen() -> None:
    assert find_thing(drawn(replace(STAR, kind="heart")), EMPTY, STAR).kind == "heart"


def test_nothing_is_found_in_nothing() -> None:
    found = find_thing(EMPTY, EMPTY, STAR)
    assert (found.iou, found.kind) == (0.0, "")


@pytest.mark.parametrize("text", ["OPEN", "Fish", "42%", "GO\nON"])
def test_letters_are_read(text: str) -> None:
    item = Lettering(text, (300, 100, 700, 900), BLUE)
    assert is_large(item)
    assert same_text(read(drawn(item), EMPTY, item), text)


def test_other_letters_are_not_read_as_asked() -> None:
    asked = Lettering("OPEN", (300, 100, 700, 900), BLUE)
    wrong = replace(asked, text="OPAL")
    assert not same_text(read(drawn(wrong), EMPTY, asked), "OPEN")


def test_small_or_long_texts_are_not_large() -> None:
    assert not is_large(Lettering("OPEN", (300, 100, 440, 900), BLUE))
    assert not is_large(Lettering("NINE CHARS", (300, 100, 700, 900), BLUE))


def test_held_out_requests_are_fixed() -> None:
    assert held_out(2) == held_out(3)[:2]
    assert isinstance(held_out(1)[0], Asked)


def test_another_hand_says_the_same_in_phrases_that_training_does_not() -> None:
    for phrases, ways in OTHER_HAND.items():
        said = {way.lower() for phrase in phrases.seen for way in ways_to_say(phrase)}
        assert not said & {way.lower() for way in ways}
        needed = set.intersection(*(slots(way) for way in phrases.held_out)) - {"{size}"}
        for way in ways:
            assert needed <= slots(way), way
            assert slots(way) <= set().union(*map(slots, (*said, *phrases.held_out))), way


def test_another_hand_asks_for_the_same_scenes_in_other_words() -> None:
    for ours, theirs in zip(held_out(6), held_out(6, instead=OTHER_HAND), strict=True):
        assert ours.scene == theirs.scene
        assert ours.caption != theirs.caption
        assert [f for f in lint(read_caption(theirs.caption)) if f.severity == "error"] == []


def test_both_conversions_to_lab_agree() -> None:
    for color in (RED, CREAM, (3, 7, 9)):
        assert to_lab(np.array(color, np.float32) / 255) == pytest.approx(lab(color), abs=1e-2)


def test_a_sheet_gives_its_pictures_back(tmp_path: Path) -> None:
    pictures = [drawn(STAR), EMPTY]
    save_sheet(tmp_path / "sheet.png", pictures)
    back = load_sheet(tmp_path / "sheet.png", 128)
    assert len(back) == 8
    assert np.abs(back[0] - pictures[0]).max() < 0.01
    assert np.abs(back[1] - pictures[1]).max() < 0.01
