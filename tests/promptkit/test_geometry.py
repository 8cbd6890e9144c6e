from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptkit.geometry import BBox, Size, box, centered, xywh, xyxy

PORTRAIT = Size(1024, 1536)


def test_pixels_become_grid_steps_of_their_own_axis() -> None:
    assert xyxy(256, 768, 512, 1152, of=PORTRAIT) == BBox(500, 250, 750, 500)
    assert xywh(256, 768, 256, 384, of=PORTRAIT) == BBox(500, 250, 750, 500)
    assert centered(384, 960, 256, 384, of=PORTRAIT) == BBox(500, 250, 750, 500)


def test_without_a_canvas_numbers_are_fractions() -> None:
    assert xyxy(0.25, 0.5, 0.5, 0.75) == BBox(500, 250, 750, 500)


def test_fractions_that_sum_to_one_reach_the_edge() -> None:
    assert xywh(0.7, 0.9, 0.3, 0.1).x_max == 1000


@pytest.mark.parametrize(
    ("edges", "of", "message"),
    [
        ((100, 100, 300, 300), (1, 1), "the left edge 100 lies outside a picture 1 wide"),
        ((0, 0, 10, 700), (1024, 640), "the bottom edge 700 lies outside a picture 640 high"),
        ((0.5, 0, 0.2, 1), (1, 1), "hold no area"),
        ((0, 0, 0.0001, 1), (1, 1), "thinner than a thousandth"),
        ((0, 0, 1, 1), (0, 1), "has no room"),
    ],
)
def test_impossible_edges_are_refused_with_the_reason(
    edges: tuple[float, float, float, float], of: tuple[float, float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        xyxy(*edges, of=of)


@pytest.mark.parametrize("sides", [(0, 0, 0, 10), (5, 9, 8, 2), (-1, 0, 5, 5), (0, 0, 5, 1001)])
def test_box_refuses_what_is_no_box(sides: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="y_min, x_min, y_max, x_max"):
        box(*sides)


@given(
    st.integers(0, 999).flatmap(lambda low: st.tuples(st.just(low), st.integers(low + 1, 1000))),
    st.integers(0, 999).flatmap(lambda low: st.tuples(st.just(low), st.integers(low + 1, 1000))),
    st.tuples(st.integers(1000, 4096), st.integers(1000, 4096)),
)
def test_pixels_and_back_is_the_same_box(
    rows: tuple[int, int], columns: tuple[int, int], sides: tuple[int, int]
) -> None:
    size = Size(*sides)
    there = box(rows[0], columns[0], rows[1], columns[1])
    assert xyxy(*there.pixels(size), of=size) == there


def test_overlap_measures() -> None:
    left, right = box(0, 0, 1000, 500), box(0, 250, 1000, 750)
    assert left.intersection(right) == pytest.approx(0.25)
    assert left.iou(right) == pytest.approx(1 / 3)
    assert left.intersection(box(0, 500, 10, 510)) == 0
    assert left.contains(box(0, 0, 1, 500))
    assert not left.contains(right)


def test_aspect_is_measured_in_pixels() -> None:
    assert box(0, 0, 500, 500).aspect(Size(1536, 640)) == pytest.approx(2.4)


@pytest.mark.parametrize("text", ["1024x768", "1024X768", "1024×768", " 1024 x 768 "])
def test_size_reads_every_cross(text: str) -> None:
    assert Size.parse(text) == Size(1024, 768)
    assert str(Size.parse(text)) == "1024x768"


@pytest.mark.parametrize("text", ["", "1024", "x", "-1x5", "0x640", "1024x768x3", "a x b"])
def test_size_refuses_other_text(text: str) -> None:
    with pytest.raises(ValueError, match="size"):
        Size.parse(text)
