from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from promptkit import keys
from promptkit.canonical import canonical, is_caption, losses, pretty
from promptkit.caption import (
    ArtStyle,
    Caption,
    Composition,
    ObjElement,
    PhotoStyle,
    TextElement,
    obj,
    photo,
    text,
)
from promptkit.document import read
from promptkit.errors import CaptionError
from promptkit.job import Job

SIGN = Caption.of(
    "A tea house at night.",
    photo("quiet", "one lantern", "50mm, f/2", colors=["#101820", "#F2AA4C"]),
    background="A narrow street in the rain.",
    elements=[
        obj("A paper lantern.", (100, 420, 300, 560)),
        text("喫茶店\n“Open”", "Red neon letters.", (80, 300, 160, 700), ["#FF2A2A"]),
    ],
)


@pytest.mark.parametrize(
    ("listed", "noun"),
    [
        (keys.ROOT_KEYS, Caption),
        (keys.PHOTO_KEYS, PhotoStyle),
        (keys.ART_KEYS, ArtStyle),
        (keys.COMPOSITION_KEYS, Composition),
        (keys.OBJ_KEYS, ObjElement),
        (keys.TEXT_KEYS, TextElement),
    ],
)
def test_the_listed_keys_are_those_of_the_schema(
    listed: tuple[str, ...], noun: type[BaseModel]
) -> None:
    assert listed == tuple(noun.model_fields)


ROLES: list[tuple[keys.Role, list[type[BaseModel]]]] = [
    ("root", [Caption]),
    ("style", [PhotoStyle, ArtStyle]),
    ("composition", [Composition]),
    ("element", [ObjElement, TextElement]),
]


@pytest.mark.parametrize(("role", "nouns"), ROLES)
def test_the_listed_required_keys_are_those_of_the_schema(
    role: keys.Role, nouns: list[type[BaseModel]]
) -> None:
    required = [
        {key for key, field in noun.model_fields.items() if field.is_required()} for noun in nouns
    ]
    assert set(keys.REQUIRED_KEYS[role]) == set.intersection(*required)


def test_the_listed_keys_of_a_job_are_those_of_the_model() -> None:
    assert set(Job.model_fields) - {"prompt"} == keys.JOB_KEYS


def test_a_document_and_a_caption_give_the_same_string() -> None:
    prompt = SIGN.to_prompt()
    scrambled = json.dumps(json.loads(prompt), indent=3, sort_keys=True)
    assert canonical(SIGN) == prompt
    assert canonical(read(scrambled)) == prompt
    assert canonical(read(pretty(SIGN))) == prompt


def test_pretty_keeps_boxes_and_palettes_on_a_line() -> None:
    lines = pretty(SIGN).split("\n")
    assert '        "bbox": [100, 420, 300, 560],' in lines
    assert '    "color_palette": ["#101820", "#F2AA4C"]' in lines
    assert pretty(SIGN, indent=4).split("\n")[1].startswith('    "high')


def test_unknown_keys_and_the_values_of_numbers_survive() -> None:
    source = '{"z":[-0.0,1.50,2E3,123456789012345678901234567890],"high_level_description":"a"}'
    assert canonical(read(source)) == (
        '{"high_level_description":"a","z":[-0.0,1.5,2000.0,123456789012345678901234567890]}'
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{"high_level_description": "\\ud83d"}', '{"high_level_description":"\\ud83d"}'),
        ("{high_level_description: 'it is'}", '{"high_level_description":"it is"}'),
        ('{"style_description": True, }', '{"style_description":true}'),
        ('{"style_description": +01.5}', '{"style_description":1.5}'),
        ('{"style_description": {}, "a": []}', '{"style_description":{},"a":[]}'),
        ('{"a": 1, "style_description": {}, "a": 2}', '{"style_description":{},"a":2}'),
    ],
)
def test_what_the_reader_forgives_is_written_as_json(source: str, expected: str) -> None:
    assert canonical(read(source)) == expected


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "line 1, column 1: the file is empty"),
        ('{"style_description": {}} {"style_description": {}}', "2 captions"),
        ('{"style_description" [1]}', "line 1, column 22: not JSON"),
    ],
)
def test_without_exactly_one_caption_there_is_no_string(source: str, message: str) -> None:
    with pytest.raises(CaptionError, match=message):
        canonical(read(source))


@pytest.mark.parametrize(
    ("source", "slugs"),
    [
        ('{"a": "\\u6771"}', []),
        ('\ufeff{"a": 1}', []),
        ('{"a": 1, "a": 2}', ["duplicate-key"]),
        ('{"a": 1} // later', ["comment"]),
        ('{"a": NaN}', ["non-finite-number"]),
        ('{"a": 1e400}', ["non-finite-number"]),
        ('{"a": 1,}', ["trailing-comma"]),
    ],
)
def test_losses(source: str, slugs: list[str]) -> None:
    assert [flaw.slug for flaw in losses(read(source))] == slugs


@pytest.mark.parametrize(
    ("source", "expected"),
    [('{"style_description": 1}', True), ('{"name": 1}', False), ("[]", False), ("", False)],
)
def test_is_caption(source: str, *, expected: bool) -> None:
    assert is_caption(read(source)) is expected


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES.map(lambda value: {"style_description": value, "compositional_deconstruction": 1}))
def test_writing_anew_changes_no_value_and_a_second_time_nothing(value: object) -> None:
    document = read(json.dumps(value))
    once = canonical(document)
    assert json.loads(once) == json.loads(document.text)
    assert json.loads(pretty(document)) == json.loads(document.text)
    assert canonical(read(once)) == once
    assert pretty(read(pretty(document))) == pretty(document)
