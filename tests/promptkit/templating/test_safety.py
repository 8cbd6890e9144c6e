"""Values cannot break the JSON, and templates cannot break out."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptkit.geometry import Size
from promptkit.templating import Template, TemplateError

SIZE = Size(1024, 1024)
WELL_FORMED = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
NASTY = st.sampled_from(
    ['"', "\\", "{{ x }}", "{% raw %}", "{#", "}}", "\n", "\r\n", "\t", "\0", "</script>", "${a}",
     "<|im_end|>", "\u2028", "\U00100000", "'", '", "x": "', "\\u00e9", "é", "漢字", "مرحبا", "😀"]
)  # fmt: skip
TEXTS = st.lists(st.one_of(WELL_FORMED, NASTY), max_size=8).map("".join)


def template(body: str, variables: str = "x: {type: string}") -> Template:
    return Template.from_text(f"---\nvariables:\n  {variables}\n---\n{body}")


def outcome(body: str) -> object:
    made = template(body)
    return made.render(made.complete({"x": "value"}), SIZE).data


def rendered(body: str, **values: object) -> object:
    variables = "\n  ".join(
        f"{name}: {{type: list}}" if isinstance(value, list) else f"{name}: {{type: string}}"
        for name, value in values.items()
    )
    made = template(body, variables or "unused: {type: string, default: ''}")
    return made.render(made.complete(values), SIZE).data


ANYWHERE = template(
    """{
      "whole": {{ x }}, "inside": "{{ x }}", "between": "a{{ x }}b{{ x }}c",
      "{{ x }}-key": 1,
      {% set captured %}"in a block: {{ x }}"{% endset %}
      "captured": {{ captured }},
      {% macro m(v) %}[{{ v }}, "<{{ v }}>"]{% endmacro %}
      "macro": {{ m(x) }},
      "list": [{% for i in [1, 2] %}{{ x }},{% endfor %}],
      "joined": {{ "<" ~ x ~ ">" }}
    }"""
)


@given(TEXTS)
def test_any_text_comes_out_as_it_went_in_wherever_it_is_written(text: str) -> None:
    data = ANYWHERE.render(ANYWHERE.complete({"x": text}), SIZE).data
    assert data == {
        "whole": text,
        "inside": text,
        "between": f"a{text}b{text}c",
        f"{text}-key": 1,
        "captured": f"in a block: {text}",
        "macro": [text, f"<{text}>"],
        "list": [text, text],
        "joined": f"<{text}>",
    }
    json.dumps(data, ensure_ascii=False).encode()


@given(st.text(), st.sampled_from([chr(0xD800), chr(0xDBFF), chr(0xDC00), chr(0xDFFF)]), st.text())
def test_half_characters_are_refused_with_their_place(before: str, half: str, after: str) -> None:
    with pytest.raises(TemplateError, match=r"variable 'x': .* half of a character"):
        ANYWHERE.complete({"x": before + half + after})


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | WELL_FORMED,
        lambda inner: st.lists(inner, max_size=4),
        max_leaves=12,
    ).filter(lambda value: isinstance(value, list))
)
def test_a_whole_value_keeps_its_type(value: list[object]) -> None:
    assert rendered('{"v": {{ v }}}', v=value) == {"v": value}


@pytest.mark.parametrize(
    "escape",
    [
        "{{ x.__class__.__mro__ }}",
        "{{ x['__class__'] }}",
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{{ x.format(y=1) }}",
        "{{ '{0.__class__}'.format(x) }}",
        "{{ '%s' % x }}",
        "{{ range.__self__ }}",
        "{{ loop_missing }}",
        "{{ self.__init__ }}",
        "{{ namespace.__init__.__globals__ }}",
        "{{ dict.fromkeys(['a']) }}",
        "{{ lipsum.__globals__ }}",
        "{{ x.encode().decode }}",
        "{{ x|attr('__class__') }}",
        "{{ [x]|map(attribute='__class__')|list }}",
        "{% include 'other' %}",
        "{% import 'os' as os %}",
        "{% from 'os' import environ %}",
        "{% extends 'other' %}",
        "{% filter upper %}x{% endfilter %}",
        "{{ __emit(1, 0) }}",
        "{{ x|tojsn }}",
        "{{ [].append(1) }}",
        "{{ x.join }}",
        "{{ open('/etc/passwd') }}",
        "{{ environ }}",
    ],
)
def test_a_template_cannot_break_out(escape: str) -> None:
    with pytest.raises(TemplateError) as caught:
        outcome(f'{{"a": {escape}, "b": {{{{ x }}}} }}')
    assert "template" in str(caught.value)


@pytest.mark.parametrize(
    "greed",
    [
        "{% for a in range(1000) %}{% for b in range(1000) %}{% endfor %}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{{ 'a' * 100000000 }}",
        "{{ 100000000 * 'a' }}",
        "{{ [1] * 100000000 }}",
        "{{ 10 ** 10 ** 10 }}",
        "{{ 9999999 ** 9999999 }}",
        "{{ range(1000000000)|list }}",
        "{% set n = namespace(s='aaaa') %}{% for a in range(99) %}{% set n.s = n.s ~ n.s %}{% endfor %}",
        "{% set n = namespace(s='aaaa') %}{% for a in range(99) %}{% set n.s = n.s + n.s %}{% endfor %}",
        "{% set n = namespace(s=['a']) %}{% for a in range(99) %}{% set n.s = n.s + n.s %}{% endfor %}",
        "{% set n = namespace(s='a') %}{% for a in range(99) %}{% set n.s = n.s|replace('a', 'aaaaaaaa') %}{% endfor %}",
        "{% set n = namespace(i=3) %}{% for a in range(999) %}{% set n.i = n.i * n.i %}{% endfor %}",
        "{% for a in range(999) %}{{ 'a' * 10000 }}{% endfor %}",
        "{% set s = 'a' * 100000 %}{{ [s] * 100000 }}",
        "{% set s = 'a' * 100000 %}{{ s|replace('a', s) }}",
        "{% set s = 'a' * 100000 %}{{ (s|list)|join(s) }}",
        "{% set a = [1, 1, 1, 1, 1, 1, 1, 1] %}"
        + "{% set a = [a, a, a, a, a, a, a, a] %}" * 12
        + "{{ a }}",
        "{{ '{:>9999999999}'.format(1) }}",
        "{{ ('a ' * 90000)|fit_lines([0, 0, 9, 9]) }}",
        "{{ typeset('a ' * 90000, [0, 0, 9, 9]) }}",
        "{% for a in range(999) %}{% set b = typeset(a ~ ' x' * 490, [0, 0, 9, 9]) %}{% endfor %}",
        "{{ grid(1000, 1000)|length }}",
        "{{ [1]|batch(1000000000, 0)|list }}",
    ],
)
def test_a_template_cannot_work_for_ever_or_eat_memory(greed: str) -> None:
    with pytest.raises(TemplateError):
        outcome(f"[{greed}1, {{{{ x }}}}]")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            "{% set b %}{{ x }}{% endset %}\n[{{ typeset(b, [0, 0, 9, 9]) }}]",
            r":6: 'typeset' stands on",
        ),
        (
            '{"a": "{{ none }}"}',
            r":5: an expression is nothing \(none\) and stands inside a string",
        ),
        ('{"a":\n "{{ [1] }}"}', r":6: .* is a list and stands inside a string; join it"),
        ('{"a":\n\n {{ 1 / 0 }}}', r":7: division by zero"),
        ('{"a": "\\{{ x }}"}', r":5: a backslash stands before a value"),
        ('{"a": 1,\n "b" {{ x }}}', r":6: .* after the key \"b\""),
        ('{"a": {{ x.y }}}', r":5: .*has no attribute"),
        ('{"a": {% if %}}', r":5: "),
        ('{% set c %}{{ x }}{% endset %}{"a": {{ c|upper }}}', "'upper' stands on a whole block"),
    ],
)
def test_a_mistake_is_named_with_its_line(body: str, message: str) -> None:
    with pytest.raises(TemplateError, match=message):
        outcome(body)


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ("x: {type: string, max: 9}", "variables.x.max: no such key of a string; known are type"),
        (
            "x: {type: number, maxi: 9}",
            "variables.x.maxi: no such key of a number; did you mean 'max'",
        ),
        (
            "x: {type: list, items: {type: string, min: 1}}",
            "variables.x.items.min: no such key of a string; known are .*, min_length, max_length",
        ),
        ("x: {type: integer, min: low}", 'variables.x.min is "low", expected a whole number'),
        ("items: {type: string, max_length: 0.5}", "variables.items.max_length is 0.5, expected"),
        ("x: {type: string}\nvariable: {}", "  variable: no such key; did you mean 'variables'"),
    ],
)
def test_a_key_that_is_not_there_is_told_with_the_keys_of_its_type(
    declared: str, message: str
) -> None:
    with pytest.raises(TemplateError, match=message):
        Template.from_text(f"---\nvariables:\n  {declared}\n---\n{{}}")


def test_every_undefined_name_is_reported_at_once_with_a_suggestion() -> None:
    with pytest.raises(TemplateError) as caught:
        template('{"a": {{ y }},\n "b": {{ titel }}, "c": {{ x }}}', "title: {type: string}")
    lines = str(caught.value).splitlines()
    assert lines[0].startswith("template:5: 'y'")
    assert "did you mean 'title'?" in lines[2] or "did you mean 'title'?" in lines[1]
    assert len(lines) == 3


def test_unused_variables_are_known() -> None:
    assert template('{"a": 1}').unused == ["x"]
    assert template('{"a": {{ x }}}').unused == []
