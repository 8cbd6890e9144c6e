"""What a declared variable takes, and how it refuses the rest."""

from __future__ import annotations

import pytest

from promptkit.geometry import Size
from promptkit.templating import Template, TemplateError
from promptkit.templating.values import span

DECLARED = """---
variables:
  title: {type: string, min_length: 1, max_length: 8, default: Fair}
  day: {type: date, default: 2026-05-01}
  mood: {type: choice, choices: [calm, {one_of: [wild, 7], weight: 2}, {value: never, weight: 0}]}
  colors: {type: palette, min_items: 1, max_items: 2, default: ["#000"]}
  dishes:
    type: list
    min_items: 1
    max_items: 2
    default: [{name: Soup, price: 4}]
    items:
      type: record
      fields:
        name: {type: string, max_length: 6}
        note: {type: string, default: ""}
        price: {type: number, min: 0}
---
[{{ title }}, {{ day }}, {{ mood }}, {{ colors }}, {{ dishes }}]
"""
TEMPLATE = Template.from_text(DECLARED)


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("title", "  12345678  ", "  12345678  "),
        ("day", "2024-02-29", "2024-02-29"),
        ("mood", "wild", "wild"),
        ("mood", "never", "never"),
        ("mood", "7", 7),
        pytest.param(
            "dishes",
            [{"name": "Pie", "price": "9" * 400}],
            [{"name": "Pie", "note": "", "price": int("9" * 400)}],
            id="a-number-beyond-any-float",
        ),
        (
            "dishes",
            '[{"name": "Pie", "price": "3.5"}]',
            [{"name": "Pie", "note": "", "price": 3.5}],
        ),
        ("colors", "abc, 102030", ["#AABBCC", "#102030"]),
    ],
)
def test_a_value_is_read_as_its_type(name: str, value: object, read: object) -> None:
    assert TEMPLATE.complete({name: value})[name] == read


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("title", "123456789", "9 characters are too many; give at most 8"),
        ("dishes", "[" * 100_000, "the value is nested too deeply"),
        ("dishes", '[{"name": ]', "not JSON: Expecting value"),
        ("title", " \n", "0 characters are too few; give at least 1"),
        ("day", "1 May", "'1 May' is no date; write YYYY-MM-DD"),
        ("day", "2026-02-30", "is no date"),
        ("mood", "clam", "no choice of 'mood'; did you mean 'calm'"),
        ("colors", "", "is no colour"),
        ("colors", [], "0 colours are too few"),
        ("dishes", [], "0 items are too few; give at least 1"),
        ("dishes", "[1, 2, 3]", "3 items are too many; give at most 2"),
        ("dishes", ["Soup"], "variable 'dishes': item 1: "),
        ("dishes", [{"name": "Soup"}], "item 1: field 'price' is missing"),
        ("dishes", [{"name": "Goulash", "price": 1}], "item 1: name: 7 characters are too many"),
        ("dishes", [{"nam": "Soup", "price": 1}], "item 1: no field 'nam'; known are name, note"),
        ("dishes", [{"name": "Soup", "price": -1}], "item 1: price: -1 is outside 0.0..$"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_the_mend(
    name: str, value: object, message: str
) -> None:
    with pytest.raises(TemplateError, match=message):
        TEMPLATE.complete({name: value})


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        (1, 36, "1 to 36 characters"),
        (None, 1e6, "at most 1,000,000 characters"),
        (0.5, None, "at least 0.5 characters"),
        (None, None, ""),
    ],
)
def test_limits_are_told_in_words(least: float | None, most: float | None, words: str) -> None:
    assert span(least, most, "characters") == words


def test_a_default_must_fit_too() -> None:
    with pytest.raises(TemplateError, match="variable 'title': 4 characters are too many"):
        Template.from_text(DECLARED.replace("max_length: 8", "max_length: 3"))


@pytest.mark.parametrize(
    ("body", "data"),
    [
        ('["{{ "x" if 0 }}{{ "y" if 1 }}"]', ["y"]),
        ("[1, {% for i in [2, 3] %}{{ i }}, {% endfor %}]", [1, 2, 3]),
        ('{"a": [{% if 1 %}{"b": "c,]"}, {% endif %} ], }', {"a": [{"b": "c,]"}]}),
        ('["a,", "]", {{ ",]" }},]', ["a,", "]", ",]"]),
        ('["{{ "x" }},]", {% if 0 %}1,{% endif %}\n]', ["x,]"]),
        ("{% macro m() %}[1,{% endmacro %}{{ m() }}{% set e %} ]{% endset %}{{ e }}", [1]),
        ("{% if 1 %}{% set a = 1 %}{% else %}{% set a = 2 %}{% endif %}[{{ a }}]", [1]),
    ],
)
def test_what_conditions_and_loops_leave_open_is_closed(body: str, data: object) -> None:
    assert Template.from_text(body).render({}, Size(64, 64)).data == data


def test_a_name_that_is_nowhere_set_is_reported_beside_those_that_are() -> None:
    body = "{% if width > 9 %}{% set a = 1 %}{% endif %}[{{ a }}, {{ b }}]"
    with pytest.raises(TemplateError, match=r"^template:1: 'b': nothing declares") as caught:
        Template.from_text(body)
    assert "'a'" not in str(caught.value)
    kept = Template.from_text(body.replace("{{ b }}", "1"))
    with pytest.raises(TemplateError, match="'a' is undefined"):
        kept.render({}, Size(8, 8))
