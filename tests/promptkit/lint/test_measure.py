"""The bound on the size of letters: what it says in round numbers, and that nothing breaks it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptkit.geometry import BBox, Size
from promptkit.lint.measure import columns, em_pixels

SQUARE = Size(1000, 1000)


@pytest.mark.parametrize(
    ("line", "width"),
    [
        ("", 0),
        ("OPEN", 4),
        ("営業中", 6),
        ("ＯＰＥＮ", 8),
        ("Café", 4),
        ("Cafe\u0301", 4),
        ("🎉", 2),
        ("a\u200db", 2),
        ("مفتوح", 5),
        ("\ud83d", 0),
    ],
)
def test_columns_are_half_an_em(line: str, width: int) -> None:
    assert columns(line) == width


@pytest.mark.parametrize(
    ("text", "box", "em"),
    [
        ("OPEN", BBox(0, 0, 100, 1000), 100),  # as high as the box
        ("OPENING", BBox(0, 0, 1000, 200), 200),  # turned upright: 1000 / 3.5 is enough
        ("HOTEL", BBox(0, 0, 500, 60), 100),  # stacked letter by letter
        ("OPEN\nLATE", BBox(0, 0, 100, 150), 50),  # two lines
        ("long title", BBox(0, 0, 200, 200), 80),  # wrapped: 200 / (0.5 * 5 columns)
        ("喫茶店", BBox(0, 0, 300, 100), 100),  # stacked, each a whole em wide
        ("", BBox(0, 0, 100, 100), 100),
        ("\n\n", BBox(0, 0, 100, 100), 100),
    ],
)
def test_the_em_is_what_the_box_allows(text: str, box: BBox, em: float) -> None:
    assert em_pixels(text, box, SQUARE) == pytest.approx(em, abs=0.1)


def test_the_em_grows_with_the_picture() -> None:
    box = BBox(100, 100, 150, 400)
    small, large = (em_pixels("FERRY", box, Size(side, side)) for side in (512, 1024))
    assert large == 2 * small


@given(
    st.text(max_size=80),
    st.integers(1, 500),
    st.integers(1, 500),
    st.sampled_from([Size(256, 256), Size(2048, 512), Size(512, 2048)]),
)
def test_a_larger_box_never_makes_letters_smaller(
    text: str, height: int, width: int, size: Size
) -> None:
    inner = em_pixels(text, BBox(0, 0, height, width), size)
    outer = em_pixels(text, BBox(0, 0, 2 * height, width + 7), size)
    assert 0 < inner <= outer
