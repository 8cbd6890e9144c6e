from __future__ import annotations

from itertools import pairwise
from typing import cast, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptkit.geometry import BBox, Size
from promptkit.placement import FULL, Anchor, anchor, column, fit, grid, inset, row, square

WIDE = Size(1536, 640)
SIZES = st.builds(Size, st.integers(256, 2048), st.integers(256, 2048))


def test_a_row_fills_its_box_with_equal_gaps() -> None:
    assert row(4, gap=40) == [
        BBox(0, 0, 1000, 220),
        BBox(0, 260, 1000, 480),
        BBox(0, 520, 1000, 740),
        BBox(0, 780, 1000, 1000),
    ]


def test_weights_share_the_room() -> None:
    tall, short = column([3, 1], within=BBox(200, 100, 600, 900))
    assert (tall, short) == (BBox(200, 100, 500, 900), BBox(500, 100, 600, 900))


@given(st.lists(st.floats(0.5, 4), min_size=1, max_size=9), st.integers(0, 12), SIZES)
def test_parts_never_overlap_and_reach_both_ends(
    weights: list[float], gap: int, size: Size
) -> None:
    boxes = row(weights, gap=gap, size=size)
    assert boxes[0].x_min == 0
    assert boxes[-1].x_max == 1000
    gaps = [right.x_min - left.x_max for left, right in pairwise(boxes)]
    assert all(each >= 0 for each in gaps)
    assert max(gaps, default=0) - min(gaps, default=0) <= 2


def test_margins_and_gaps_are_the_same_pixels_on_both_axes() -> None:
    left, top, right, bottom = inset(margin=100, size=WIDE).pixels(WIDE)
    assert (top, 640 - bottom) == (64, 64)
    assert left == pytest.approx(64, abs=1)
    assert 1536 - right == pytest.approx(64, abs=1)
    first, second, third, _ = grid(2, 2, gap=100, size=WIDE)
    assert third.pixels(WIDE)[1] - first.pixels(WIDE)[3] == pytest.approx(64, abs=1)
    assert second.pixels(WIDE)[0] - first.pixels(WIDE)[2] == pytest.approx(64, abs=2)


def test_a_grid_goes_row_by_row() -> None:
    cells = grid(2, [1, 3])
    assert cells == [
        BBox(0, 0, 500, 250),
        BBox(0, 250, 500, 1000),
        BBox(500, 0, 1000, 250),
        BBox(500, 250, 1000, 1000),
    ]


def test_nine_anchors() -> None:
    places = {where: anchor(where, 200, 100) for where in get_args(Anchor)}
    assert places["top left"] == BBox(0, 0, 100, 200)
    assert places["center"] == BBox(450, 400, 550, 600)
    assert places["right"] == BBox(450, 800, 550, 1000)
    assert places["bottom"] == BBox(900, 400, 1000, 600)
    assert len(set(places.values())) == 9
    assert anchor("bottom right", 200, 100, margin=50) == BBox(850, 750, 950, 950)


@given(SIZES)
def test_a_square_is_square_in_pixels(size: Size) -> None:
    made = square(size=size)
    assert made.width / made.height == pytest.approx(size.height / size.width, rel=0.01)
    assert made.aspect(size) == pytest.approx(1, rel=0.01)
    assert 1000 in (made.width, made.height)


@given(st.floats(0.2, 5), SIZES)
def test_fit_keeps_the_shape_and_stays_inside(aspect: float, size: Size) -> None:
    within = BBox(100, 200, 900, 950)
    made = fit(aspect, within=within, where="bottom right", size=size)
    assert within.contains(made)
    assert (made.y_max, made.x_max) == (900, 950)
    assert made.aspect(size) == pytest.approx(aspect, rel=0.05)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: row(5, gap=300), "5 parts with gaps of 300 find no room in 1000"),
        (lambda: row(0), "a count or weights above 0"),
        (lambda: column([1, -1]), "a count or weights above 0"),
        (lambda: inset(margin=500), "leaves nothing"),
        (lambda: inset(margin=-1), "negative"),
        (lambda: anchor(cast("Anchor", "middle"), 10, 10), "is none of top left"),
        (lambda: anchor("top", 900, 10, margin=60), "does not fit"),
        (lambda: fit(0), "no shape"),
    ],
)
def test_what_has_no_room_is_refused(make: object, message: str) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match=message):
        make()


def test_a_pair_of_margins_is_vertical_then_horizontal() -> None:
    assert inset(FULL, (100, 250)) == BBox(100, 250, 900, 750)
