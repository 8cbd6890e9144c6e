"""A linter that remembers finds what ``lint`` finds, whatever it has seen before."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptkit.document.build import from_data
from promptkit.geometry import Size
from promptkit.lint import Linter, Options, Selection, all_rules, lint, linter
from promptkit.lint.rule import Problem, Scope
from promptkit.lint.view import CaptionView
from tests.promptkit.lint import pages
from tests.promptkit.lint.mutations import good_captions, mutated, seeded

EVERYTHING = Selection(select=("all",))
SETTINGS = [
    (selection, Options(size=size))
    for selection in (Selection(), EVERYTHING)
    for size in (None, Size(1536, 640))
]


def captions() -> list[dict[str, Any]]:
    """Good captions, and those with a mistake that keep the form of one."""
    found = good_captions()
    for rule in all_rules():
        for file in pages.fixtures(rule, "bad"):
            try:
                caption = json.loads(file.read_bytes())
            except (ValueError, RecursionError):
                continue
            if isinstance(caption, dict):
                found.append(caption)
    return found


CAPTIONS = captions()
ELEMENTS = [
    element
    for caption in CAPTIONS
    if isinstance(composition := caption.get("compositional_deconstruction"), dict)
    and isinstance(listed := composition.get("elements"), list)
    for element in listed
]


def mixed(rng: Random) -> dict[str, Any]:
    """The frame of one caption with elements of any, some of them twice, some spoilt."""
    caption = copy.deepcopy(rng.choice(CAPTIONS))
    composition = caption.get("compositional_deconstruction")
    if isinstance(composition, dict):
        listed = [copy.deepcopy(rng.choice(ELEMENTS)) for _ in range(rng.choice([1, 2, 3, 6, 20]))]
        composition["elements"] = listed
    if rng.random() < 0.3:
        spoilt = mutated(rng, caption, 1)
        return spoilt if isinstance(spoilt, dict) else caption
    return caption


@pytest.mark.parametrize(("selection", "options"), SETTINGS)
def test_every_fixture_has_the_same_findings_the_first_time_and_again(
    selection: Selection, options: Options
) -> None:
    remembering = Linter(selection, options)
    for caption in CAPTIONS * 2:
        assert remembering.lint(caption) == lint(from_data(caption), selection, options)


@pytest.mark.parametrize("whole_first", [False, True])
def test_whoever_knows_the_parts_does_not_know_the_whole_nor_the_other_way_round(
    *, whole_first: bool
) -> None:
    selection, options, good = EVERYTHING, Options(), good_captions()[0]
    for caption in CAPTIONS:
        composition = caption.get("compositional_deconstruction")
        listed = composition.get("elements") if isinstance(composition, dict) else None
        if not isinstance(listed, list) or len(listed) > 20:
            continue
        lists = [listed, listed[1:], listed[::-1], *([each] for each in listed)]
        wholes = [with_elements(frame, some) for some in lists for frame in (caption, good)]
        remembering = Linter(selection, options)
        for whole in wholes if whole_first else reversed(wholes):
            assert remembering.lint(whole) == lint(from_data(whole), selection, options)


def with_elements(caption: dict[str, Any], elements: list[Any]) -> dict[str, Any]:
    composition = caption["compositional_deconstruction"]
    return {**caption, "compositional_deconstruction": {**composition, "elements": elements}}


REMEMBERING = [(Linter(*each), *each) for each in SETTINGS]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_parts_in_any_combination_have_the_same_findings(seed: int) -> None:
    caption = mixed(seeded(seed))
    for remembering, selection, options in REMEMBERING:
        assert remembering.lint(caption) == lint(from_data(caption), selection, options)


def test_what_is_remembered_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linter, "REMEMBERED", 8)
    remembering, rng = Linter(), seeded(0)
    for _ in range(60):
        caption = mixed(rng)
        assert remembering.lint(caption) == lint(from_data(caption))
    assert 0 < len(remembering._parts) <= 8
    assert 0 < len(remembering._lists) <= 8


def test_a_caption_much_longer_than_the_model_reads_is_not_remembered() -> None:
    remembering, caption = Linter(), good_captions()[0]
    caption["compositional_deconstruction"]["background"] = "wall " * 10_000
    for _ in range(2):
        assert "C701" in [found.code for found in remembering.lint(caption)]
    assert not remembering._parts


def test_rules_are_asked_once_about_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0

    def count(_: CaptionView, __: Options) -> list[Problem]:
        nonlocal asked
        asked += 1
        return []

    rule = replace(all_rules()[0], caption=count, document=None, flaw=False, scope=Scope.PART)
    monkeypatch.setattr(Selection, "rules_for", lambda *_: (rule,))
    remembering = Linter()
    for _ in range(3):
        assert remembering.lint(good_captions()[0]) == []
    assert asked == 2  # about the frame, and about the elements
