"""Every template of the shelf renders and lints clean: any shape, any choice, any odd value."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from promptkit.caption import Caption, compact_json
from promptkit.geometry import Size
from promptkit.lint import Linter, Options, Selection
from promptkit.lint.engine import DEFAULT_SELECTION
from promptkit.lint.registry import all_rules
from promptkit.templating import Template, TemplateError
from promptkit.templating.shelf import shelf, shelf_folder
from promptkit.templating.source import template_name
from promptkit.templating.variables import (
    BooleanVariable,
    ChoiceVariable,
    ColorVariable,
    DateVariable,
    IntegerVariable,
    ListVariable,
    NumberVariable,
    PaletteVariable,
    RecordVariable,
    StringVariable,
    Variable,
)
from promptkit.templating.variant import TracedFinding, trace
from promptkit.tokens import LIMIT
from promptkit.tokens.bound import upper_bound
from promptkit.tokens.counting import TEMPLATE

NAMES = [template_name(path) for path in shelf()]
SHAPES = [Size(1024, 1024), Size(1280, 720), Size(720, 1280)]
SHELF = pytest.mark.parametrize("name", NAMES)
SHAPE = pytest.mark.parametrize("size", SHAPES, ids=str)

TEXTS = {
    "quotes": "Say \"hi\", it's O'Neil’s „first“ «night»",
    "braces": "{a} }} {{ [x] %} $1 #2 <b> \\",
    "lines": "  One\r\n\n two\u2028three\tfour ",
    "emoji": "😀 🎉👩‍👩‍👧 ✌🏽 🇳🇴 party",
    "chinese": "漢字かな交じり文、長い題名。" * 30,
    "arabic": "مرحبا بالعالم يا أصدقاء " * 30,
    "word": "Donaudampfschifffahrtsgesellschaft" * 20,
    "words": "a very long headline that never ends " * 30,
    "letter": "W",
    "accents": "Ångström Çelebi naïve ẞ ﬁn Z̵a̷l̶g̸o̴",
}
ALONE = ("quotes", "lines", "chinese", "words")
ADVICE = Selection(
    select=tuple(rule.code for rule in all_rules()),
    # A list of dishes is long, and the swatches of a sheet are small.
    ignore=("many-elements", "small-box"),
)


@cache
def load(name: str) -> Template:
    return Template.load(shelf_folder() / f"{name}.json.j2")


def caption(
    name: str, values: dict[str, Any], size: Size, rules: Selection = DEFAULT_SELECTION
) -> tuple[Any, list[TracedFinding]]:
    """The rendered data, and what is found in it."""
    template = load(name)
    rendered = template.render(template.complete(values), size)
    found = Linter(rules, Options(size=size)).lint(rendered.data)
    return rendered.data, list(trace(template, rendered, found))


def odd_values(variable: Variable, text: str) -> Any:
    """A value of the variable's type made of an odd text, within the variable's limits."""
    match variable:
        case StringVariable():
            # Joiners and modifiers left alone by the cut are odd enough, half characters are none.
            return text[: variable.max_length].rstrip("\u200d")
        case RecordVariable():
            return {name: odd_values(field, text) for name, field in variable.fields.items()}
        case ListVariable():
            assert variable.items is not None
            return [odd_values(variable.items, text)] * (variable.max_items or 1)
        case NumberVariable() | IntegerVariable():
            return variable.max
        case _:
            return variable.default


def edge_values(variable: Variable) -> Iterator[Any]:
    """Values at the edges of the variable's type, all of which it takes."""
    match variable:
        case StringVariable() if not variable.min_length:
            yield from ("", "   ")
        case NumberVariable() | IntegerVariable():
            yield from (variable.min, variable.max)
            if isinstance(variable, NumberVariable):
                yield from (0.004, 12.5)
        case BooleanVariable():
            yield from (True, False)
        case ColorVariable():
            yield from ("#000", "ffffff", "#808080", "#FF00FF")
        case PaletteVariable():
            yield from (["#000000"], ["#ABCDEF"] * 3, [f"#{n:02X}00FF" for n in range(16)])
        case DateVariable():
            yield from ("0001-01-01", "9999-12-31")
        case ListVariable() if isinstance(variable.default, (list, tuple)):
            yield variable.default[: variable.min_items or 0]
            yield (list(variable.default) * 20)[: variable.max_items]


def refused_values(variable: Variable) -> Iterator[Any]:
    """Values that the variable must refuse."""
    match variable:
        case StringVariable():
            yield "x" * ((variable.max_length or 0) + 1)
            if variable.min_length:
                yield " \n "
        case NumberVariable() | IntegerVariable():
            yield from (-1, 1e12, "many", float("nan"))
        case BooleanVariable():
            yield "perhaps"
        case ColorVariable():
            yield from ("red", "", "#12345")
        case PaletteVariable():
            yield from ([], ["#000000"] * 17, ["red"])
        case DateVariable():
            yield from ("2026-02-30", "soon")
        case ChoiceVariable():
            yield "none of these"
        case ListVariable():
            yield from (["x"] * ((variable.max_items or 0) + 1), "[", [["nested"]])


def test_the_shelf_is_worth_a_look() -> None:
    assert len(NAMES) >= 16


@SHELF
@SHAPE
def test_the_defaults_lint_clean_and_heed_the_advice(name: str, size: Size) -> None:
    data, found = caption(name, {}, size, ADVICE)
    assert found == []
    # Where no tokenizer is installed the bound decides.
    assert TEMPLATE + upper_bound(compact_json(data)) <= LIMIT
    elements = Caption.parse(compact_json(data)).compositional_deconstruction.elements
    assert all(element.bbox for element in elements)


@SHELF
def test_every_choice_lints_clean_and_heeds_the_advice(name: str) -> None:
    for variable, choice in load(name).choices.items():
        for value in choice.values():
            for size in SHAPES:
                _, found = caption(name, {variable: value}, size, ADVICE)
                assert found == [], (variable, value)


@SHELF
@SHAPE
@pytest.mark.parametrize("kind", TEXTS)
def test_odd_values_everywhere_at_once_lint_clean(name: str, size: Size, kind: str) -> None:
    declared = load(name).source.front.variables
    values = {each: odd_values(variable, TEXTS[kind]) for each, variable in declared.items()}
    given = {each: value for each, value in values.items() if value is not None}
    _, found = caption(name, given, size)
    assert found == []


@SHELF
def test_each_odd_value_alone_lints_clean(name: str) -> None:
    for variable, declared in load(name).source.front.variables.items():
        texts = [odd_values(declared, TEXTS[kind]) for kind in ALONE]
        for number, value in enumerate([*texts, *edge_values(declared)]):
            if value is not None:
                data, found = caption(name, {variable: value}, SHAPES[number % len(SHAPES)])
                assert found == [], (variable, value)
                Caption.parse(json.dumps(data))


@SHELF
def test_values_that_no_caption_bears_are_refused_by_name(name: str) -> None:
    for variable, declared in load(name).source.front.variables.items():
        refused = list(refused_values(declared))
        assert refused
        for value in refused:
            with pytest.raises(TemplateError, match=variable):
                load(name).complete({variable: value})


@SHELF
def test_a_value_that_is_a_mistake_in_itself_is_told_by_its_variable(name: str) -> None:
    for variable, declared in load(name).source.front.variables.items():
        if isinstance(declared, StringVariable) and (declared.max_length or 0) > 12:
            _, found = caption(name, {variable: "{{brand}}"}, SHAPES[0])
            assert {each.finding.slug for each in found} == {"template-leftover"}
            assert all(variable in each.variables for each in found)


@SHELF
def test_variables_are_used_explained_and_have_a_default(name: str) -> None:
    template = load(name)
    assert template.unused == []
    assert template.source.front.description
    for variable in template.source.front.variables.values():
        assert variable.description
    template.complete({})


@SHELF
def test_each_has_a_sketch_and_a_line_in_the_table(name: str) -> None:
    picture = shelf_folder() / "sketches" / f"{name}.png"
    with Image.open(picture) as sketch:
        assert sketch.width > sketch.height
    assert picture.stat().st_size <= 40_000
    table = (shelf_folder() / "README.md").read_text(encoding="utf-8")
    assert f"`{name}`" in table
    assert f"sketches/{name}.png" in table
    assert load(name).source.front.description in table


def test_the_wheel_takes_the_templates_along_and_leaves_the_sketches() -> None:
    import tomllib

    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["sources"]["templates"] == "promptkit/templates"
    assert "templates" in wheel["only-include"]
    assert "templates/sketches" in wheel["exclude"]
