"""The bound without a vocabulary, and the facts it stands on."""

from __future__ import annotations

import math
import string
import unicodedata
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

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


def test_whole_characters_are_single_tokens_and_so_are_their_first_two_bytes(ranks: Ranks) -> None:
    known = bound.whole_characters()
    assert len(known) > 3_900
    assert {len(char.encode()) for char in known} == {3}
    assert [char for char in known if char.encode() not in ranks] == []
    assert [char for char in known if char.encode()[:2] not in ranks] == []


def test_few_tokens_begin_within_one_character_and_end_within_another(ranks: Ranks) -> None:
    found = set()
    for token in ranks:
        last = max((at for at, byte in enumerate(token) if byte & 0xC0 != 0x80), default=0)
        size = next(
            (n for n, first in ((4, 0xF0), (3, 0xE0), (2, 0xC0)) if token[last] >= first), 1
        )
        if last and token[0] & 0xC0 == 0x80 and len(token) - last < size:
            found.add(token[last])
    assert found == bound.OPEN_LEADS


EAST_ASIAN = st.text(
    st.sampled_from(sorted(bound.whole_characters()))
    | st.sampled_from("丌亜龘矽硷갂가힣ក a，\xe9-—"),
    max_size=40,
)


@settings(max_examples=400, deadline=None)
@given(EAST_ASIAN)
def test_the_bound_holds_for_any_characters_of_the_east(vocabulary: BytePairs, text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    assert len(vocabulary.starts(text)) <= upper_bound(text) <= len(text.encode())


def test_the_bound_of_han_and_kana_is_one_and_a_half_a_character() -> None:
    assert upper_bound("天地玄黄宇宙洪荒") == 12
    assert upper_bound("いろはにほへと") == 10
    assert upper_bound("嘏嘏嘏嘏") == 8


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(["a", "q", "é", "天", "い", "龘", "—", "가", "힣", "ក", "😀"]), max_size=5
    ).map("".join)
)
def test_the_cutting_is_the_longest_that_the_facts_allow(piece: str) -> None:
    data, cuts = piece.encode(), bound._Cuts(piece)

    def known(start: int, end: int) -> bool:
        if end - start == 2:
            return end + 1 in cuts.known or bound._is_token(data[start], data[start + 1])
        return end - start == 3 and end in cuts.known

    @cache
    def most(end: int, last: int) -> float:
        """The most tokens of data[:end], of which the last begins at ``last``."""
        crossing = any(last < at < end for at in cuts.between)
        if crossing and last not in cuts.between and end not in cuts.open:
            return -math.inf
        if last == 0:
            return 1
        return 1 + max(
            (most(last, at) for at in range(last) if not known(at, end)), default=-math.inf
        )

    longest = max((most(len(data), at) for at in range(len(data))), default=0)
    assert bound._longest_cutting(piece) == longest


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
