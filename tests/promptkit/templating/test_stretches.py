"""What is put together from known stretches is what rendering as a whole gives, errors too."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest

from promptkit.geometry import Size
from promptkit.lint.parts import taken_apart
from promptkit.templating import Plan, Template, TemplateError
from promptkit.templating.shelf import shelf
from promptkit.templating.stretches import Stretches, encoded

SIZE = Size(1536, 640)
FRONT = """---
variables:
  a: {type: choice, choices: ["", x, "1", 1, true, 1.0], default: ""}
  b: {type: list, default: []}
  c: {type: boolean, default: false}
---
"""
VALUES = [
    {"a": a, "b": b, "c": c}
    for a, b, c in product(["", "x", 1], [[], ["q"], [1, "r"]], [False, True])
]


def framed(elements: str, before: str = "", after: str = "") -> str:
    return f"""{before}{{
      "high_level_description": "A {{{{ a }}}} sign.",
      "compositional_deconstruction": {{"background": "A wall {{{{ a }}}}.", "elements": [
        {elements}
      ]}}
    }}{after}"""


ONE = '{"type": "obj", "desc": "One {{ a }}."}'
TWO = '{"type": "text", "text": {{ b|join("-") }}, "desc": "Two, {{ c }}."}'
BODIES = {
    "plain": framed(f"{ONE}, {TWO}"),
    "a trailing comma": framed(f"{ONE}, {TWO},"),
    "a condition": framed(f"{ONE}, {{% if c %}}{TWO},{{% endif %}} {TWO}"),
    "a condition at the end": framed(f"{ONE}, {{% if c %}}{TWO},{{% endif %}}"),
    "a comma in a condition": framed(f"{ONE}{{% if c %}},{TWO}{{% endif %}}"),
    "a stray comma": framed(f"{ONE}, {{% if c %}}{TWO}{{% endif %}}, {ONE}"),
    "a stray comma at the end": framed(f"{ONE}, {{% if c %}}{TWO}{{% endif %}},"),
    "a comma that is missing": framed(f"{ONE}, {{% if c %}}{TWO}{{% endif %}}{ONE}"),
    "a loop": framed(f"{{% for each in b %}}{TWO},{{% endfor %}}{ONE}, {TWO}"),
    "a set within": framed(f"{ONE}, {{% set z = a ~ c %}}{{{{ [z] }}}}, {TWO}"),
    "sets before": framed(
        f'{ONE}, {{"type": "obj", "desc": {{{{ y }}}}}}, {TWO}',
        "{% if c %}{% set z = 'one' %}{% else %}{% set z = b %}{% endif %}{% set y = 'is ' ~ z %}",
    ),
    "a counter": framed(
        f'{{% set n.i = n.i + b|length %}}{ONE}, {{"type": "obj", "desc": "{{{{ n.i }}}}"}}, {TWO}',
        "{% set n = namespace(i=1) %}",
    ),
    "a macro": framed(
        "{{ m(a) }}, {{ m('z') }}, {{ m(1) }},",
        '{% macro m(v) %}{"type": "obj", "desc": "{{ v }} and {{ c }}"}{% endmacro %}',
    ),
    "a captured block": framed(f"{{{{ z }}}}, {ONE}", f"{{% set z %}}{TWO}{{% endset %}}"),
    "a captured bracket": framed(f"{ONE}, {{{{ z }}}}, {ONE}", "{% set z %}]{% endset %}"),
    "a quote in a condition": framed(
        f'{ONE}, {{"type": "obj", "desc": {{% if c %}}"a, b"{{% else %}}"], ["{{% endif %}}}}, {TWO}'
    ),
    "half a string in a condition": framed(
        f'{ONE}, {{"type": "obj", "desc": {{% if c %}}"a{{% else %}}"{{% endif %}}, "}}, {TWO}'
    ),
    "brackets in strings": framed('{"type": "obj", "desc": "}], [{ \\" , {{ a }}"}, ' + ONE),
    "elements that are no objects": framed("{{ b }}, {{ a }}, {{ c }}"),
    "a value for the list": '{"compositional_deconstruction": {"elements": {{ b }}}}',
    "a foreign list": '{"x": {"elements": [' + f"{ONE}, {TWO}" + "]}}",
    "a list that is not the last": (
        '{"compositional_deconstruction": {"elements": [' + f"{ONE}, {TWO}" + '], "background": {{ a }}}}'
    ),
    "two lists": framed(f"{ONE}, {TWO}")[:-1] + ', "x": {"elements": [' + f"{ONE}, {TWO}" + "]}}",
    "a key twice": framed('{"type": "obj", {% if c %}"type": "obj",{% endif %} "desc": "{{ a }}"}, ' + TWO),
    "a comment": framed(f"{ONE}, // {{{{ a }}}}\n {TWO}"),
    "the number": framed(f'{ONE}, {{"type": "obj", "desc": "{{{{ number }}}}"}}, {TWO}'),
    "no JSON": "{{ a }}",
}  # fmt: skip


def plainly(template: Template, values: Mapping[str, Any], number: str) -> tuple[object, object]:
    try:
        data = template.render(values, SIZE, number).data
    except TemplateError as error:
        return str(error), None
    return encoded(data), taken_apart(data)


def by_stretches(
    stretches: Stretches, values: Mapping[str, Any], number: str
) -> tuple[object, object]:
    try:
        made = stretches.render(values, number)
    except TemplateError as error:
        return str(error), None
    assert made.parts is not None or encoded(made.data) == made.prompt
    return made.prompt, made.parts


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("step", [1, 5, 7])
def test_stretches_in_any_order_make_what_the_whole_makes(body: str, step: int) -> None:
    template = Template.from_text(FRONT + body)
    stretches = Stretches(template, SIZE)
    for turn in range(2 * len(VALUES)):
        values = template.complete(VALUES[turn * step % len(VALUES)])
        assert by_stretches(stretches, values, str(turn)) == plainly(template, values, str(turn))


STATE = {
    "a namespace set in a macro": (
        "{% set n = namespace(i=0) %}{% macro m(v) %}{% set n.i = v %}{% endmacro %}", '"{{ m(a) }}"', '"{{ n.i }} {{ b|join }}"'
    ),
    "a namespace of two names": ("{% set n = namespace(i=0) %}{% set p = n %}{% set p.i = a %}", '"{{ a }}"', '"{{ n.i }} {{ b|join }}"'),
    "a namespace in a loop": (
        "{% set n = namespace(i=0) %}{% for p in [n] %}{% set p.i = a %}{% endfor %}", '"{{ a }}"', '"{{ n.i }} {{ b|join }}"'
    ),
    "the size that functions read": (
        "{% set width = 100 if a == 'x' else 900 %}",
        '"{{ a }}"',
        '"{{ square()|join("-") }} {{ b|join }}"',
    ),
    "what a filter gives one by one": (
        "{% set g = 'qr'|list|map('upper') %}",
        """"{{ g|join if a == 'x' else 'n' }}\"""",
        '"{{ g|join }} {{ b|join }}"',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "first", "second"), STATE.values(), ids=STATE)
def test_what_one_stretch_changes_the_next_one_sees(before: str, first: str, second: str) -> None:
    descs = ", ".join(f'{{"type": "obj", "desc": {each}}}' for each in (first, second))
    template = Template.from_text(FRONT + framed(descs, before))
    stretches = Stretches(template, SIZE)
    # Each value has been seen before the last two lines, but not beside the other.
    for a, b in [("x", ["p"]), ("1", ["q"]), ("x", ["q"]), ("1", ["p"])]:
        values = template.complete({"a": a, "b": b})
        assert by_stretches(stretches, values, "1") == plainly(template, values, "1")


@pytest.mark.parametrize("path", shelf(), ids=lambda path: path.name)
def test_every_template_of_the_shelf_gives_the_same(path: Any) -> None:
    template = Template.load(path)
    stretches = Stretches(template, SIZE)
    for seed in (0, 1):
        for values in Plan(template, sample=15, seed=seed).values():
            assert by_stretches(stretches, values, "7") == plainly(template, values, "7")


def test_known_stretches_are_not_rendered_again(monkeypatch: pytest.MonkeyPatch) -> None:
    template = Template.from_text(FRONT + BODIES["plain"])
    stretches = Stretches(template, SIZE)
    seen = [template.complete({"a": a, "b": b}) for a in ("x", "") for b in ([], ["q"])]
    for values in (seen[0], seen[3], seen[1], seen[2]):
        stretches.render(values, "1")
    expected = [plainly(template, values, "1") for values in seen]
    monkeypatch.delattr(Template, "render")
    assert [by_stretches(stretches, values, "1") for values in seen] == expected


def test_a_value_that_only_yaml_knows_is_rendered_each_time() -> None:
    template = Template.from_text(FRONT + BODIES["plain"])
    made = Stretches(template, SIZE).render({"a": "x", "b": [object], "c": True}, "1")
    assert "object" in made.prompt
