"""Boxes as cells: finer than a cell, in the true shape, with their lettering."""

from __future__ import annotations

import pytest

pytest.importorskip("textual")

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from promptkit.geometry import BBox, Size
from promptkit.tui.widgets.raster import Area, Item, changed, draw, fitted, shortened

GROUND, FILL, LINE = "#000000", "#335577", "#FFFFFF"
_ODD = "\u200d\u0301\ufe0f\u200f❤👩🇩🏽ש東한a \u0e35\u094d"


def _item(box: BBox, *lines: str, label: str = "") -> Item:
    return Item(box, FILL, LINE, label, lines)


def _text(items: list[Item], area: Area) -> list[str]:
    return ["".join(run.text for run in row) for row in draw(items, area, GROUND)]


@pytest.mark.parametrize("size", [Size(1024, 1024), Size(1536, 640), Size(640, 1536)])
def test_a_picture_keeps_its_shape_in_cells_twice_as_high_as_wide(size: Size) -> None:
    area = fitted(90, 40, size)
    assert area.width / (2 * area.height) == pytest.approx(size.width / size.height, rel=0.06)
    assert area.width <= 90
    assert area.height <= 40


def test_an_edge_lies_on_half_a_cell() -> None:
    # Half of the picture's 5 columns and 3 rows: in the middle of the third and the second cell.
    rows = _text([_item(BBox(0, 0, 500, 500))], Area(0, 0, 5, 3))
    assert rows[1][2] in "▘▝▖▗▀▄▌▐▛▜▙▟▞▚"
    assert rows[2] == " " * 5


def test_literal_text_stands_in_its_box_line_by_line() -> None:
    rows = _text([_item(BBox(0, 0, 1000, 1000), "KITE", "DAY")], Area(0, 0, 20, 8))
    assert [row.strip("▛▀▜▌▐▙▄▟ ") for row in rows[3:5]] == ["KITE", "DAY"]


def test_wide_and_joined_characters_take_the_cells_that_a_terminal_gives_them() -> None:
    rows = _text([_item(BBox(0, 0, 1000, 1000), "東京e\u0301")], Area(0, 0, 20, 8))
    line = next(row for row in rows if "東京" in row)
    assert "e\u0301" in line
    assert len(line) == 20 - 2 + 1


@pytest.mark.parametrize(
    "words",
    ["שָׁלוֹם", "مَرْحَبًا بِكُم", "ไทยนี้", "हिन्दी", "👨\u200d👩\u200d👧 ❤\ufe0f 👍🏽", "🇩🇪 ok", "한국어"],
)
def test_every_script_takes_the_cells_that_it_is_counted_with(words: str) -> None:
    rows = _text([_item(BBox(0, 0, 1000, 1000), words)], Area(0, 0, 24, 7))
    assert {cell_len(row) for row in rows} == {24}
    # Whole, and in the order of reading: the terminal turns what is read from the right.
    assert any(words in row for row in rows)


def test_no_control_of_direction_reaches_the_terminal() -> None:
    rows = _text(
        [_item(BBox(0, 0, 1000, 1000), "\u202egnp\u2069\u200f.exe\x1b[2J")], Area(0, 0, 24, 7)
    )
    assert any("gnp.exe [2J" in row for row in rows)


@given(st.text(max_size=30) | st.text(_ODD, max_size=12), st.integers(3, 24))
def test_no_text_makes_a_row_wider_or_narrower(words: str, width: int) -> None:
    rows = _text(
        [_item(BBox(0, 0, 1000, 1000), *words.split("\n"), label=words)], Area(0, 0, width, 5)
    )
    assert {cell_len(row) for row in rows} == {width}


def test_east_asian_text_stands_upright_in_a_narrow_box() -> None:
    rows = _text([_item(BBox(0, 0, 1000, 1000), "春山茶屋")], Area(0, 0, 6, 8))
    assert sum(any(char in row for char in "春山茶屋") for row in rows) == 4


def test_what_is_in_front_keeps_its_words() -> None:
    back = _item(BBox(0, 0, 1000, 1000), label="1 a long description of what is behind")
    front = _item(BBox(0, 0, 500, 1000), "IN FRONT")
    assert any("IN FRONT" in row for row in _text([back, front], Area(0, 0, 30, 10)))


def test_text_is_cut_by_cells_not_characters() -> None:
    assert shortened("東京タワー", 5) == "東京…"
    assert shortened("short", 5) == "short"
    assert shortened("x", 0) == ""


_SIDES = st.tuples(
    st.integers(0, 999), st.integers(0, 999), st.integers(1, 400), st.integers(1, 400)
)
_BOXES = _SIDES.map(
    lambda sides: BBox(
        sides[0], sides[1], min(sides[0] + sides[2], 1000), min(sides[1] + sides[3], 1000)
    )
)
_ITEMS = st.lists(
    st.builds(
        Item,
        _BOXES,
        st.sampled_from([FILL, "#AA0000"]),
        st.just(LINE),
        st.sampled_from(["1 bowl", ""]),
        st.sampled_from([(), ("OPEN",), ("東京", "LATE")]),
        handles=st.booleans(),
    ),
    max_size=6,
)


@given(_ITEMS, _ITEMS, st.integers(1, 60), st.integers(1, 30))
def test_drawing_only_what_has_changed_gives_the_same_picture(
    old: list[Item], new: list[Item], width: int, height: int
) -> None:
    area = Area(0, 0, width, height)
    rows = draw(old, area, GROUND)
    band = changed(old, new, area)
    rows[band.start : band.stop] = draw(new, area, GROUND, band)
    assert rows == draw(new, area, GROUND)
