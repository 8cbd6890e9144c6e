"""The tokens of a caption's stretches add up to those of the caption."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptkit import tokens
from promptkit.canonical import canonical_of
from promptkit.document.build import from_data
from promptkit.lint.length import length_of_element, length_of_frame
from promptkit.lint.parts import taken_apart
from promptkit.tokens import LIMIT, TEMPLATE, Segment, count, upper_bound, within
from promptkit.tokens.counting import cleaned
from promptkit.tokens.tokenizer import BytePairs

ODD = st.sampled_from(
    ["", "t", "'s", '"', "{", "}]", "],", " ", "\n", "\u0301", "e\u0301", "\u0958", "é", "漢字", "9", "\u2028", "😀",
     "\ud800", "don't", "}},{", "\\", "/", "<|im_end|>"]
)  # fmt: skip
TEXTS = st.lists(st.one_of(st.text(max_size=12), ODD), max_size=6).map("".join)
ELEMENTS = st.fixed_dictionaries(
    {"type": st.sampled_from(["obj", "text"])},
    optional={"bbox": st.lists(st.integers(0, 1000), max_size=4), "text": TEXTS, "desc": TEXTS},
)
CAPTIONS = st.builds(
    lambda summary, style, background, elements: {
        **summary,
        **style,
        "compositional_deconstruction": {"background": background, "elements": elements},
    },
    st.fixed_dictionaries({}, optional={"high_level_description": TEXTS}),
    st.fixed_dictionaries(
        {}, optional={"style_description": st.fixed_dictionaries({"medium": TEXTS})}
    ),
    TEXTS,
    st.lists(ELEMENTS, min_size=1, max_size=4),
)


def segments(caption: dict[str, Any]) -> list[Segment]:
    parts = taken_apart(caption)
    assert parts is not None
    elements = [from_data(each).roots[0] for each in parts.elements]
    *others, last = [length_of_element(each, None) for each in elements]
    inner = [length_of_frame(from_data(parts.frame).roots[0], None), *others]
    return [*(each.inner for each in inner), last.last]


def prompt_of(caption: dict[str, Any]) -> str:
    return canonical_of(from_data(caption).roots[0])


@given(CAPTIONS)
def test_the_stretches_are_the_canonical_string(caption: dict[str, Any]) -> None:
    assert "".join(each.text for each in segments(caption)) == prompt_of(caption)


@given(CAPTIONS)
def test_the_bounds_add_up(caption: dict[str, Any]) -> None:
    whole = upper_bound(cleaned(prompt_of(caption)))
    assert whole == sum(each.at_most for each in segments(caption))


@given(caption=CAPTIONS)
def test_the_exact_counts_add_up(vocabulary: BytePairs, caption: dict[str, Any]) -> None:
    whole = vocabulary.count(cleaned(prompt_of(caption)))
    assert whole == sum(vocabulary.count(cleaned(each.text)) for each in segments(caption))


@pytest.mark.parametrize("enough", range(20, 40))
@pytest.mark.parametrize("text", ["a word", "漢字漢字漢字漢字", "-" * 30, ".,;:!?", "\u0301" * 12])
def test_what_is_within_is_never_more(text: str, enough: int) -> None:
    segment = Segment(text)
    assert not within([segment], enough) or count(text).tokens <= enough
    assert within([segment], enough) or TEMPLATE + segment.at_most > enough


@pytest.mark.parametrize("text", [" " * 70_000, "=" * 70_000])
def test_what_is_too_long_to_be_counted_is_not_within(text: str) -> None:
    assert not within([Segment(text)], LIMIT)
    assert not count(text).exact


def test_without_a_vocabulary_the_bound_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens.segments, "load_tokenizer", lambda _: None)
    segment = Segment("-" * 30)
    assert segment.counted == segment.at_most
