"""The filters and functions that templates compute with."""

from __future__ import annotations

import pytest

from promptkit.geometry import Size
from promptkit.templating import Template, TemplateError
from promptkit.templating.helpers import day, number, slug
from promptkit.templating.lettering import break_lines, fit_lines

SIZE = Size(1024, 1024)


def made(expression: str, size: Size = SIZE) -> object:
    template = Template.from_text(f"[{{{{ {expression} }}}}]")
    data = template.render({}, size).data
    assert isinstance(data, list)
    return data[0]


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (("the quick brown fox", 9), "the quick\nbrown fox"),
        (("one", 1), "one"),
        (("unbreakable word", 4), "unbreakable\nword"),
        (("a b c d", 99, 2), "a b c d"),
        (("summer night market", 1, 3), "summer\nnight\nmarket"),
        (("summer night market", 1, 2), "summer night\nmarket"),
        (("夏の夜の市場です。", 6), "夏の夜\nの市場\nです。"),
        (("  spaced   out  ", 20), "spaced out"),
        (("", 5), ""),
    ],
)
def test_lines_break_between_words(arguments: tuple[str, int], lines: str) -> None:
    assert break_lines(*arguments) == lines


def test_text_is_broken_so_that_it_fills_its_box() -> None:
    words = "summer night market"
    assert fit_lines(words, [0, 0, 100, 1000]) == words
    assert fit_lines(words, [0, 0, 1000, 400]) == "summer\nnight\nmarket"
    # The same box is tall and narrow on a portrait picture.
    assert fit_lines("night market", [400, 100, 500, 400], aspect=0.2) == "night\nmarket"


@pytest.mark.parametrize(
    ("text", "name"),
    [("Jazz Night!", "jazz-night"), ("Ünïcode ß", "ünïcode-ss"), ("漢字 A", "漢字-a"), ("", "x")],
)
def test_slugs_are_file_names(text: str, name: str) -> None:
    assert slug(text) == name


def test_numbers_and_dates_do_not_ask_the_machine() -> None:
    assert number(1299.5, 2) == "1,299.50"
    assert number(1299.5, 2, ".", ",") == "1.299,50"
    assert number(-1234567) == "-1,234,567"
    assert day("2026-05-01") == "01 May 2026"
    assert day("2026-05-01", "%a %e %b ’%y") == "Fri 1 May ’26"
    with pytest.raises(ValueError, match="%Q is no part of a date"):
        day("2026-05-01", "%Q")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("box(10, 20.4, 30, 40)", [10, 20, 30, 40]),
        ("inset(margin=100)", [100, 100, 900, 900]),
        ("inset(margin=[100, 50])", [100, 50, 900, 950]),
        ("row(2)", [[0, 0, 1000, 500], [0, 500, 1000, 1000]]),
        ("column([1, 3], within=[0, 0, 400, 100])", [[0, 0, 100, 100], [100, 0, 400, 100]]),
        ("grid(2, 2, gap=100)|length", 4),
        ("anchor('bottom right', 200, 100)", [900, 800, 1000, 1000]),
        ("pixels(0, 0, 512, 256)", [0, 0, 250, 500]),
        ("'#ff0000'|mix('#0000ff')", "#800080"),
        ("'#101010'|readable", "#FFFFFF"),
        ("['b', 'a']|sort|join(' & ')", "a & b"),
        ("'a-b'|replace('-', '+')", "a+b"),
        ("[1, 'é']|tojson", [1, "é"]),
        ("width ~ 'x' ~ height", "1024x1024"),
        ("'#14234A'|color_name", "navy blue"),
        ("'#fff'|color_name|article", "a white"),
        ("'orange'|article", "an orange"),
        ("' A  cat,\n asleep. '|prose", "A cat, asleep"),
        ("'#777777'|legible('#FFFFFF')", "#777777"),
        ("'#FFFFFF'|legible('#FFFFFF')", "#808080"),
        ("'#777777'|legible('#808080')", "#303030"),
    ],
)
def test_expressions(expression: str, value: object) -> None:
    assert made(expression) == value


@pytest.mark.parametrize("size", [Size(1024, 1024), Size(1920, 1088), Size(1088, 1920)])
def test_a_square_is_square_in_pixels(size: Size) -> None:
    box = made("square()", size)
    assert isinstance(box, list)
    width, height = (box[3] - box[1]) * size.width, (box[2] - box[0]) * size.height
    assert width == pytest.approx(height, rel=0.01)


def test_a_box_without_room_is_an_error_with_its_line() -> None:
    with pytest.raises(TemplateError, match=r"template:1: .*leaves nothing"):
        made("inset(margin=600)")
