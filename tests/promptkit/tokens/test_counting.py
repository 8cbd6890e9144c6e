from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings

from promptkit.caption import Caption
from promptkit.tokens import TEMPLATE, counting, usage
from promptkit.tokens.tokenizer import BytePairs
from tests.promptkit.caption.courier import COURIER
from tests.promptkit.caption.strategies import CAPTIONS

ELEMENTS = "/compositional_deconstruction/elements"


def test_fields_add_up_to_the_total(vocabulary: BytePairs) -> None:
    prompt = COURIER.to_prompt()
    spent = usage(prompt, vocabulary)
    assert spent.total == counting.count(prompt).tokens
    assert spent.template == TEMPLATE
    fields = spent.fields
    # "[", four numbers of three digits each, three commas, and the key with its quotes.
    assert fields[f"{ELEMENTS}/1/bbox"] == pytest.approx(12 + 3 + 4, abs=2)
    assert fields[f"{ELEMENTS}/1/desc"] > fields[f"{ELEMENTS}/8/desc"]
    assert f"{ELEMENTS}/1/bbox/0" not in fields


@settings(max_examples=60, deadline=None)
@given(CAPTIONS)
def test_fields_of_any_caption_add_up(vocabulary: BytePairs, caption: Caption) -> None:
    prompt = caption.to_prompt()
    assert usage(prompt, vocabulary).total == counting.count(prompt).tokens


def test_a_token_belongs_to_the_member_it_begins_in(vocabulary: BytePairs) -> None:
    fields = usage('{"desc":"red","text":"1 2","bbox":[10,20,30,40]}', vocabulary).fields
    # {" | desc | ":" | red | "," | text | ":" | 1 | space | 2 | "," | bbox | ":[ | 10,20,30,40 | ]}
    assert fields == {"": 1, "/desc": 4, "/text": 6, "/bbox": 2 + 11 + 1}


def test_composed_characters_are_counted_as_the_model_sees_them(vocabulary: BytePairs) -> None:
    assert counting.count("e\u0301" * 50).tokens == counting.count("é" * 50).tokens


def test_half_a_character_is_counted_as_its_replacement(vocabulary: BytePairs) -> None:
    assert counting.count('"\ud800"').tokens == counting.count('"\ufffd"').tokens


def test_a_bound_will_do_below_what_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path | None) -> None:
        pytest.fail(f"{path} was loaded")

    monkeypatch.setattr(counting, "load_tokenizer", refuse)
    prompt = COURIER.to_prompt()
    assert not counting.count("{}", enough=100).exact
    assert counting.count(prompt, enough=10_000).at_most == TEMPLATE + len(prompt.encode())
    tight = counting.count(prompt, enough=len(prompt) - 500)
    assert not tight.exact
    assert tight.tokens <= tight.at_most <= len(prompt) - 500


def test_without_a_vocabulary_the_count_is_a_bound(
    vocabulary: BytePairs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "load_tokenizer", lambda _: None)
    prompt = COURIER.to_prompt()
    counted = counting.count(prompt)
    assert not counted.exact
    assert counted.at_least <= counted.tokens <= counted.at_most
    assert len(vocabulary.starts(prompt)) + TEMPLATE <= counted.at_most


@pytest.mark.parametrize("text", ["a" * 60_000, "qx" * 30_000, "字" * 20_000, "\u0301 " * 9_000])
def test_one_endless_word_takes_no_endless_time(vocabulary: BytePairs, text: str) -> None:
    started = time.process_time()
    assert counting.count(text).exact
    assert time.process_time() - started < 5


def test_what_is_far_too_long_is_not_counted() -> None:
    counted = counting.count("two words " * 90_000)
    assert not counted.exact
    assert counted.at_least > counting.LIMIT
    assert counted.at_most == TEMPLATE + 900_000
