from __future__ import annotations

import pytest

from promptkit.report.cells import cell_width, excerpt, visible


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("abc", 3),
        ("東京", 4),
        ("é", 1),
        ("e\u0301", 1),
        ("\t", 4),
        ("ｱ", 1),
        ("a\u200db", 2),
        ("🙂", 2),
    ],
)
def test_cell_width(text: str, cells: int) -> None:
    assert cell_width(text) == cells


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain — 東京", "plain — 東京"),
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("one\ntwo\0", "one␊two␀"),
        ("abc\u202egnp.exe", "abc\ufffdgnp.exe"),
        ("\x9b31m\x7f\u2028\ud800", "\ufffd31m\ufffd\ufffd\ufffd"),
    ],
)
def test_nothing_visible_steers_the_terminal(text: str, shown: str) -> None:
    assert visible(text) == shown


LINE = '{"a": "東京タワー", "b": [1, 2, 3], "c": "words and more words and still more words"}'


@pytest.mark.parametrize("width", [20, 40, 60, 200])
@pytest.mark.parametrize("start", [0, 7, 20, 60, len(LINE) - 1, len(LINE)])
def test_an_excerpt_fits_and_points_at_its_mark(start: int, width: int) -> None:
    end = min(start + 5, len(LINE))
    part = excerpt(LINE, start, end, width)
    assert cell_width(part.text) <= width
    assert part.length >= 1
    marked = _from_cell(part.text, part.indent)
    assert marked.startswith(LINE[start : start + 3])
    if width == 200:
        assert part.text == LINE
        assert part.length == max(1, cell_width(LINE[start:end]))


def test_an_excerpt_of_a_long_line_has_something_before_its_mark() -> None:
    line = "x" * 5000 + "HERE" + "y" * 5000
    part = excerpt(line, 5000, 5004, 40)
    assert part.text == "…" + "x" * 13 + "HERE" + "y" * 21 + "…"
    assert (part.indent, part.length) == (14, 4)


def test_a_mark_longer_than_the_room_is_cut() -> None:
    part = excerpt("x" * 5000, 10, 4000, 40)
    assert part.indent + part.length <= 40
    assert part.text.endswith("…")


def test_tabs_take_the_room_they_are_shown_with() -> None:
    assert excerpt("\t\tdesc", 2, 6, 40) == ("        desc", 8, 4)


def _from_cell(text: str, cell: int) -> str:
    for index in range(len(text)):
        if cell_width(text[:index]) == cell:
            return text[index:]
    return ""
