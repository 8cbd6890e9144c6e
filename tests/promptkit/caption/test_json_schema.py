from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings

from promptkit.caption import Caption, json_schema
from promptkit.errors import CaptionError
from tests.promptkit.caption.strategies import CAPTIONS

VALIDATOR = jsonschema.Draft202012Validator(json_schema())
PHOTO = {"aesthetics": "a", "lighting": "l", "photo": "p", "medium": "photograph"}
ART = {"aesthetics": "a", "lighting": "l", "medium": "painting", "art_style": "s"}
OBJ = {"type": "obj", "desc": "a hat"}
TEXT = {"type": "text", "text": "HAT", "desc": "red capitals"}


def _caption(*elements: object, **root: object) -> dict[str, object]:
    composition = {"background": "a wall", "elements": list(elements)}
    return {**root, "compositional_deconstruction": composition}


GOOD = {
    "smallest": _caption(),
    "photo": _caption(OBJ, style_description=PHOTO),
    "art": _caption(TEXT, style_description={**ART, "color_palette": ["#00FF7F"] * 16}),
    "full": _caption({**OBJ, "bbox": [0, 0, 1000, 1000], "color_palette": ["#ABCDEF"] * 5}),
    "empty words": _caption({**OBJ, "desc": ""}, high_level_description=""),
}
BAD = {
    "not an object": [],
    "no composition": {"high_level_description": "x"},
    "unknown root key": _caption(aspect_ratio="1:1"),
    "null description": _caption(high_level_description=None),
    "null style": _caption(style_description=None),
    "both branches": _caption(style_description={**PHOTO, **ART}),
    "no branch": _caption(style_description={"aesthetics": "a", "lighting": "l", "medium": "m"}),
    "no lighting": _caption(style_description={k: v for k, v in ART.items() if k != "lighting"}),
    "17 colours": _caption(style_description={**ART, "color_palette": ["#000000"] * 17}),
    "6 colours": _caption({**OBJ, "color_palette": ["#000000"] * 6}),
    "lower-case colour": _caption({**OBJ, "color_palette": ["#abcdef"]}),
    "colour with a newline": _caption({**OBJ, "color_palette": ["#ABCDEF\n"]}),
    "palette is a word": _caption({**OBJ, "color_palette": "#ABCDEF"}),
    "unknown type": _caption({**OBJ, "type": "logo"}),
    "type is a list": _caption({**OBJ, "type": ["obj"]}),
    "no type": _caption({"desc": "x"}),
    "text on an obj": _caption({**OBJ, "text": "x"}),
    "text without text": _caption({"type": "text", "desc": "x"}),
    "null box": _caption({**OBJ, "bbox": None}),
    "box of three": _caption({**OBJ, "bbox": [0, 0, 10]}),
    "box off the grid": _caption({**OBJ, "bbox": [0, 0, 10, 1001]}),
    "box of fractions": _caption({**OBJ, "bbox": [0.1, 0.1, 0.5, 0.5]}),
    "box of booleans": _caption({**OBJ, "bbox": [False, False, True, True]}),
    "box of strings": _caption({**OBJ, "bbox": ["0", "0", "5", "5"]}),
    "elements is an object": _caption() | {"compositional_deconstruction": {"elements": {}}},
    "element is a word": _caption("hat"),
    "number as description": _caption({**OBJ, "desc": 3}),
}
NOT_SAYABLE = {
    "box without area": _caption({**OBJ, "bbox": [5, 5, 5, 9]}),
    "box upside down": _caption({**OBJ, "bbox": [9, 0, 5, 9]}),
    "whole number with a point": _caption({**OBJ, "bbox": [0, 0, 5.0, 9]}),
}


def _model_takes(data: object) -> bool:
    try:
        Caption.parse(json.dumps(data))
    except CaptionError:
        return False
    return True


@pytest.mark.parametrize("case", GOOD)
def test_model_and_schema_take_the_same(case: str) -> None:
    assert _model_takes(GOOD[case])
    VALIDATOR.validate(GOOD[case])


@pytest.mark.parametrize("case", BAD)
def test_model_and_schema_refuse_the_same(case: str) -> None:
    assert not _model_takes(BAD[case])
    assert not VALIDATOR.is_valid(BAD[case])


@pytest.mark.parametrize("case", NOT_SAYABLE)
def test_what_json_schema_cannot_say(case: str) -> None:
    assert not _model_takes(NOT_SAYABLE[case])
    VALIDATOR.validate(NOT_SAYABLE[case])


@settings(max_examples=40)
@given(CAPTIONS)
def test_the_schema_takes_every_caption(caption: Caption) -> None:
    VALIDATOR.validate(json.loads(caption.to_prompt()))


def test_the_schema_is_usable_by_an_editor() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for noun in (schema, *schema["$defs"].values()):
        assert noun["title"]
        assert noun["description"]
        assert noun["additionalProperties"] is False
        for name, field in noun["properties"].items():
            assert field.get("description") or name == "type", name
    assert not [each for each in _walk(schema) if each in ({"type": "null"}, None)]


def test_both_unions_are_one_of_their_branches() -> None:
    schema = json_schema()
    elements = schema["$defs"]["Composition"]["properties"]["elements"]["items"]
    style = schema["properties"]["style_description"]
    assert len(elements["oneOf"]) == len(style["oneOf"]) == 2


def _walk(value: Any) -> Iterator[Any]:
    yield value
    if isinstance(value, dict | list):
        for child in value.values() if isinstance(value, dict) else value:
            yield from _walk(child)
