"""Text broken to fill a box, and the box that it then takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptkit.geometry import BBox, Size
from promptkit.lint.measure import columns
from promptkit.templating import Template
from promptkit.templating.lettering import LONGEST_LINE, break_lines, fit_lines, text_box

SQUARE = Size(1000, 1000)
BOX = [100, 100, 400, 900]


@pytest.mark.parametrize("text", ["One\nand Two", "One\r\n\n  and   Two "])
def test_the_writers_own_breaks_stay_where_they_do_no_harm(text: str) -> None:
    assert fit_lines("One and Two", BOX) == "One and\nTwo"
    assert fit_lines(text, BOX) == "One\nand Two"


def test_own_breaks_that_cost_half_of_the_size_do_not_stay() -> None:
    assert fit_lines("\n".join("abcdefghij"), BOX).count("\n") < 4


def test_long_words_are_broken_and_long_lines_avoided() -> None:
    assert all(columns(line) <= LONGEST_LINE for line in fit_lines("x" * 100, BOX).split("\n"))
    headline = "a headline that is much longer than any line should be"
    strip = [0, 0, 100, 1000]
    assert all(columns(line) <= LONGEST_LINE for line in fit_lines(headline, strip).split("\n"))


def test_where_short_lines_would_make_tiny_letters_longer_ones_are_taken() -> None:
    text = " ".join(["word"] * 20)
    lines = fit_lines(text, [0, 0, 60, 1000]).split("\n")
    assert LONGEST_LINE < max(map(columns, lines)) <= 60


@pytest.mark.parametrize("whole", ["👩‍👩‍👧", "🇳🇴", "✌🏽", "が", "é"])
def test_what_is_one_character_to_a_reader_is_never_broken(whole: str) -> None:
    lines = break_lines(whole * 12, 2).split("\n")
    assert "".join(lines) == whole * 12
    assert all(line == whole * (len(line) // len(whole)) for line in lines)


def test_largest_keeps_short_texts_on_one_line() -> None:
    assert fit_lines("Pier 9, Old Harbour", [0, 0, 200, 400]).count("\n") == 2
    assert fit_lines("Pier 9, Old Harbour", [0, 0, 200, 400], largest=30) == "Pier 9, Old Harbour"


@given(
    st.text(max_size=80),
    st.tuples(st.integers(0, 800), st.integers(0, 800), st.integers(20, 200), st.integers(20, 200)),
    st.sampled_from([Size(1024, 1024), Size(1920, 640), Size(640, 1920)]),
)
def test_the_box_of_a_text_lies_within_its_place(
    text: str, place: tuple[int, int, int, int], size: Size
) -> None:
    top, left, height, width = place
    within = BBox(top, left, top + height, left + width)
    lines = fit_lines(text, within, size.width / size.height)
    assert within.contains(text_box(lines, within, where="bottom left", size=size))
    assert "".join(lines.split()) == "".join(text.split())


def test_the_box_has_the_shape_of_its_lines() -> None:
    within = BBox(0, 0, 1000, 1000)
    line = text_box("0123456789", within, size=SQUARE)
    assert line.width == 1000
    assert line.height == pytest.approx(333, abs=1)  # no less than a third
    stacked = text_box("01234\n56789\n01234\n56789", within, where="top left", size=SQUARE)
    assert stacked == BBox(0, 0, 1000, round(1000 / 4 * 5 * 0.55))
    small = text_box("0123456789", BBox(0, 0, 100, 1000), size=Size(2000, 1000), largest=50)
    assert (small.height, small.width) == (50, 333)


def test_typeset_gives_the_lines_and_their_box_on_the_variants_picture() -> None:
    template = Template.from_text('{{ typeset("Night market", [0, 0, 500, 500], "top left") }}')
    wide = template.render({}, Size(2000, 500)).data
    tall = template.render({}, Size(500, 2000)).data
    assert wide == {"bbox": [0, 0, 303, 500], "text": "Night market"}
    assert tall == {"bbox": [0, 0, 167, 500], "text": "Night\nmarket"}
