"""Phrases are found as a reader finds them, and odd text costs no more than plain text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptkit.lint.words import count_words, find, holds, normal, phrases, unquoted, words

HEDGES = phrases("such as, some kind of, e.g., maybe, kind of")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("tools such as a plane", ["such as"]),
        ("MAYBE a plane, maybe a saw", ["MAYBE", "maybe"]),
        ("some kind of bird", ["some kind of"]),
        ("some-kind-of bird", ["some-kind-of"]),
        ("some\nkind  of bird", ["some\nkind  of"]),
        ("birds, e.g. a wren", ["e.g"]),
        ("nothing suchas this, maybes", []),
        ("It was such. As they say", []),
        ("such, as it were", []),
        ("a sign that says 'maybe not'", []),
        ("a sign that says “maybe” and maybe more", ["maybe"]),
        ("the dogs' bowl, maybe the cats' bowl", ["maybe"]),
        ("", []),
    ],
)
def test_phrases_are_found_in_any_case_on_word_boundaries(text: str, found: list[str]) -> None:
    assert [hit.phrase for hit in find(text, HEDGES)] == found
    assert holds(text, HEDGES) is bool(found)


@given(st.text())
def test_a_hit_says_where_it_stands(text: str) -> None:
    padded = f"{text} such as {text}"
    for hit in find(padded, HEDGES):
        assert padded[hit.start : hit.end] == hit.phrase


@given(st.text(alphabet="a'\"“”‘’«»「」 \n\udc80", max_size=60))
def test_blanking_quotes_keeps_every_other_character_in_its_place(text: str) -> None:
    blanked = unquoted(text)
    assert len(blanked) == len(text)
    assert all(after in (" ", before) for before, after in zip(text, blanked, strict=True))


def test_an_apostrophe_opens_no_quotation() -> None:
    quoted = "it's the boys' boat, 'Joe's Diner' by name"
    assert " ".join(unquoted(quoted).split()) == "it's the boys' boat, by name"


def test_words_are_counted_as_a_reader_counts_them() -> None:
    assert count_words("a red-brick house — at no. 9, isn't it?") == 8
    assert count_words("") == 0
    assert [word.text for word in words("It isn’t 3 o'clock")] == ["it", "isn’t", "3", "o'clock"]


def test_wordings_are_the_same_but_for_case_spacing_and_the_last_stop() -> None:
    assert normal(" A red  Lantern.") == normal("a red lantern") != normal("a red, lantern")


@pytest.mark.parametrize("part", ["'a ", "“", "«", '"', "such ", "e.", "-", "\u0301"])
def test_odd_text_costs_linear_time(part: str) -> None:
    text = part * (200_000 // len(part))
    start = time.process_time()
    list(find(text, HEDGES))
    assert time.process_time() - start < 2
