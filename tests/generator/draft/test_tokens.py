"""The draft tokenizer: numbers whole, texts spelled, anything reversible."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from generator.draft.tokens import build_tokenizer, encode, number_values
from generator.tokenizer import PromptTokenizer

CAPTION = (
    '{"compositional_deconstruction":{"background":"plain red wall","elements":['
    '{"type":"text","bbox":[7,120,1000,999],"text":"GO on","desc":"red letters",'
    '"color_palette":["#1A00FF","#D62828"]}]}}'
)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return build_tokenizer([CAPTION.replace("GO on", "on on")] * 3)


def pieces(tokenizer: Tokenizer, text: str) -> list[str]:
    return [tokenizer.decode([i]) for i in tokenizer.encode(text, add_special_tokens=False).ids]


def test_a_caption_in_pieces(tokenizer: Tokenizer) -> None:
    assert pieces(tokenizer, CAPTION) == [
        '{"compositional_deconstruction":{"background":"',
        "plain",
        " red",
        " wall",
        '","elements":[',
        '{"type":"text","bbox":',
        *("[7", ",120", ",1000", ",999"),
        '],"text":"',
        *"GO on",
        '","desc":"',
        *"red",
        " letters",
        '","color_palette":["#',
        *("1A", "00", "FF"),
        '","#',
        *("D6", "28", "28"),
        '"]}]}}',
    ]


@given(st.text(max_size=60))
def test_any_text_survives(text: str) -> None:
    tokenizer = build_tokenizer([CAPTION])
    ids = tokenizer.encode(text.replace("<|", ""), add_special_tokens=False).ids
    assert tokenizer.decode(ids, skip_special_tokens=False) == text.replace("<|", "")


def test_training_reads_what_the_pipeline_reads(tokenizer: Tokenizer, tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    tokenizer.save(str(path))
    prompt = PromptTokenizer(path, tokenizer.get_vocab_size())
    assert encode(tokenizer, [CAPTION]) == [prompt.encode(CAPTION)]


def test_numbers_have_values(tokenizer: Tokenizer) -> None:
    values = number_values(tokenizer)
    vocabulary = tokenizer.get_vocab()
    assert values[vocabulary["[500"]] == 0.5
    assert values[vocabulary[",1000"]] == 1.0
    assert values[vocabulary["FF"]] == 1.0
    assert len(values) == 2 * 1001 + 256
