"""What boxes tell about the form they are written in."""

from __future__ import annotations

import json

import pytest

from promptkit.boxform import (
    Boxed,
    BoxForm,
    Numbers,
    box_form,
    boxes_in,
    is_line,
    is_x_first,
    numbers_of,
)
from promptkit.document import read
from promptkit.geometry import Size

UPRIGHT = Numbers(100, 400, 900, 480)
FLAT = UPRIGHT.swapped()


def _form(*boxed: Boxed, size: Size | None = None) -> BoxForm:
    return box_form(boxed, size)


def test_two_upright_lines_and_a_majority_are_x_first() -> None:
    upright, flat = Boxed(UPRIGHT, "BAKERY"), Boxed(FLAT, "Open daily")
    assert _form(upright, upright) is BoxForm.X_FIRST
    assert _form(upright, upright, flat) is BoxForm.X_FIRST
    assert _form(upright) is BoxForm.GRID
    assert _form(upright, upright, flat, flat) is BoxForm.GRID


@pytest.mark.parametrize("text", ["24", "two\nlines", "営業時間変更", None])
def test_what_may_stand_upright_is_no_evidence(text: str | None) -> None:
    assert _form(Boxed(UPRIGHT, text), Boxed(UPRIGHT, text)) is BoxForm.GRID


def test_a_box_that_is_tall_either_way_is_no_evidence() -> None:
    # On a very tall picture this box holds large type and is upright in pixels in both readings.
    nearly_square = Boxed(Numbers(100, 100, 380, 400), "SALE")
    assert not is_x_first([nearly_square] * 3, Size(512, 1536))


def test_values_tell_pixels_and_fractions() -> None:
    assert _form(Boxed(Numbers(10, 10, 1080, 500))) is BoxForm.PIXELS
    assert _form(Boxed(Numbers(0, 0.1, 1, 0.5))) is BoxForm.FRACTIONS
    assert _form(Boxed(Numbers(0, 0, 1, 1))) is BoxForm.GRID
    assert _form(Boxed(Numbers(0.5, 0, 700, 100))) is BoxForm.GRID
    assert _form() is BoxForm.GRID


@pytest.mark.parametrize(
    "box",
    ["[1,2,3]", '[1,2,3,"4"]', "[1,2,3,true]", "[1,2,3,NaN]", f"[1,2,3,{10**400}]", '"1,2"', "{}"],
)
def test_only_four_finite_numbers_are_a_box(box: str) -> None:
    assert numbers_of(read(f'{{"bbox":{box}}}').roots[0].get("bbox")) is None


def test_boxes_come_with_their_texts() -> None:
    elements = [
        {"type": "text", "bbox": [1, 2, 3, 4], "text": "Hi"},
        {"type": "obj", "bbox": [5, 6.5, 7, 8]},
        {"type": "obj"},
        {"type": "text", "bbox": [0, 0, 1, 1], "text": 7},
    ]
    boxes = boxes_in(read(json.dumps(elements)).roots[0].items)
    assert boxes == [
        Boxed(Numbers(1, 2, 3, 4), "Hi"),
        Boxed(Numbers(5, 6.5, 7, 8)),
        Boxed(Numbers(0, 0, 1, 1)),
    ]


def test_lines() -> None:
    assert is_line("  Soda  ")
    assert not is_line("  So  ")
