"""The bound without a vocabulary, and the facts it stands on."""

from __future__ import annotations

import string
import unicodedata

from hypothesis import given, settings

from promptkit.tokens import bound, lower_bound, typical, upper_bound
from promptkit.tokens.pretokens import pieces
from promptkit.tokens.tokenizer import BytePairs, Ranks
from tests.promptkit.caption.courier import COURIER
from tests.promptkit.tokens.texts import TEXTS


def test_whole_pieces_are_single_tokens(ranks: Ranks) -> None:
    assert [each for each in bound.whole_pieces() if each.encode() not in ranks] == []
    assert [each for each in bound.whole_pieces() if pieces(each) != (each,)] == []


def test_pairs_of_letters_are_tokens_unless_they_are_rare(ranks: Ranks) -> None:
    letters = string.ascii_lowercase
    missing = {a + b for a in letters for b in letters if (a + b).encode() not in ranks}
    assert missing == bound.RARE_PAIRS
    assert all(f" {letter}".encode() in ranks for letter in string.ascii_letters)


def test_paired_leads_pair_with_every_second_byte(ranks: Ranks) -> None:
    pairs = [bytes([lead, second]) for lead in bound.PAIRED_LEADS for second in range(0x80, 0xC0)]
    assert [pair for pair in pairs if pair not in ranks] == []


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_the_bounds_hold_for_any_text(vocabulary: BytePairs, text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    tokens = len(vocabulary.starts(text))
    assert lower_bound(text) <= tokens <= upper_bound(text) <= len(text.encode())


def test_words_that_nobody_knows_are_bounded_by_their_letters(vocabulary: BytePairs) -> None:
    for text in (" brillig", "slithytoves", "zq", " qzxjvwkq", "BORO", "ÄÖÜ", "字体", "ﺍﻟ"):
        assert len(vocabulary.starts(text)) <= upper_bound(text)
    assert upper_bound(" brillig") == 5
    assert upper_bound("aaaa") == 3


def test_the_bound_of_english_is_about_twice_the_count(vocabulary: BytePairs) -> None:
    prompt = COURIER.to_prompt()
    tokens = len(vocabulary.starts(prompt))
    assert upper_bound(prompt) < 2.2 * tokens
    assert 0.95 * tokens < typical(prompt) < 1.05 * tokens
