from __future__ import annotations

import pytest
from PIL import ImageChops, features

from promptkit.sketch import fonts, lettering
from promptkit.sketch.fonts import font_for, is_right_to_left, label

LATIN = ["OPEN", "Flat fix 12\nTrue wheel 20\nFull tune 65", "WHILE YOU WAIT AND DRINK TEA"]
FOREIGN = ["東京夜市", "مهرجان الليل", "שוק לילה", "한국어", "Ночь", "🎉", "ตลาด", "a\u0301\u200d"]


@pytest.mark.parametrize("text", LATIN + FOREIGN)
@pytest.mark.parametrize("box", [(400, 60), (200, 200), (40, 300), (3, 3)])
def test_ink_stays_in_its_box_and_fills_one_side_of_it(text: str, box: tuple[int, int]) -> None:
    ink = lettering.mask(text, *box).getbbox()
    assert lettering.mask(text, *box).size == box
    if min(box) > 10:
        assert ink
        width, height = ink[2] - ink[0], ink[3] - ink[1]
        assert width > 0.6 * box[0] or height > 0.6 * box[1]


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "\t"])
def test_nothing_to_draw_is_no_ink(text: str) -> None:
    assert lettering.mask(text, 50, 50).getbbox() is None


def test_a_long_line_is_broken_where_that_makes_it_much_larger() -> None:
    block = lettering.mask("WHILE YOU WAIT AND DRINK TEA", 200, 200).getbbox()
    one = lettering.mask("WHILE\u00a0YOU\u00a0WAIT".replace("\u00a0", "_"), 200, 200).getbbox()
    assert block
    assert one
    assert block[3] - block[1] > 2 * (one[3] - one[1])


def test_given_breaks_are_kept() -> None:
    three = lettering.mask("A\nB\nC", 300, 300).getbbox()
    assert three
    assert three[3] - three[1] > 3 * (three[2] - three[0])


def test_alignment_moves_the_ink() -> None:
    edges = {
        align: lettering.mask("I", 400, 40, align).getbbox() or (0, 0, 0, 0)
        for align in ("left", "center", "right")
    }
    assert edges["left"][2] < edges["center"][0]
    assert edges["center"][2] < edges["right"][0]


def test_bold_has_more_ink() -> None:
    plain, bold = lettering.mask("OPEN", 400, 100), lettering.mask("OPEN", 400, 100, bold=True)
    assert sum(bold.histogram()[128:]) > 1.1 * sum(plain.histogram()[128:])


def test_in_a_tall_box_latin_is_turned_and_chinese_is_stacked() -> None:
    turned = lettering.mask("SIDEWAYS", 60, 400).getbbox()
    assert turned
    assert turned[3] - turned[1] > 200
    stacked, column = (
        lettering.mask("夜市開催中", 60, 400),
        lettering.mask("夜\n市\n開\n催\n中", 60, 400),
    )
    assert ImageChops.difference(stacked, column).getbbox() is None


def test_letters_that_no_font_has_become_bars() -> None:
    assert font_for("東京", 20) is None
    bars = lettering.mask("東京", 200, 100)
    assert {value for value, times in enumerate(bars.histogram()) if times} == {0, 150}


def test_right_to_left_text_is_bars_where_nothing_can_join_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(features, "check", lambda feature: feature != "raqm")
    assert font_for("שלום", 20) is None
    assert font_for("peace", 20) is not None


def test_an_emoji_costs_a_text_no_letters() -> None:
    assert font_for("Party 🎉", 20) is not None
    assert font_for("🎉", 20) is None


@pytest.mark.parametrize(
    ("text", "expected"), [("שלום", True), ("123 مرحبا", True), ("abc שלום", False), ("12", False)]
)
def test_the_first_letter_says_the_direction(text: str, expected: bool) -> None:
    assert is_right_to_left(text) is expected


def test_labels_are_one_line_of_plain_signs() -> None:
    assert label("“wait” —\n  now…") == '"wait" - now...'


def test_labels_lose_the_accents_that_their_font_lacks() -> None:
    assert label("a naïve café") == "a naive cafe"


def test_a_system_without_fonts_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    fonts._system_fonts.cache_clear()
    monkeypatch.setattr(fonts, "_folders", list)
    assert fonts._system_fonts() == ()
    fonts._system_fonts.cache_clear()
