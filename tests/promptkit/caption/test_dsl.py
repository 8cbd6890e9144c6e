from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from promptkit.caption import (
    ArtStyle,
    Caption,
    PhotoStyle,
    art,
    compact_json,
    obj,
    photo,
    text,
)
from promptkit.errors import CaptionError
from promptkit.geometry import BBox, Size, xyxy
from tests.promptkit.caption import courier

SMALLEST = '{"compositional_deconstruction":{"background":"a wall","elements":[]}}'


def _one_element_a_line(caption: Caption) -> list[str]:
    """JSON as people lay it out by hand: a line for each field and each element."""
    data = json.loads(caption.to_prompt())
    style, composition = data["style_description"], data["compositional_deconstruction"]
    return [
        "{",
        f'"high_level_description": {compact_json(data["high_level_description"])},',
        '"style_description": {',
        *(f'    "{key}": {compact_json(value)},' for key, value in style.items()),
        "},",
        '"compositional_deconstruction": {',
        f'    "background": {compact_json(composition["background"])},',
        '    "elements": [',
        *(f"        {compact_json(element)}," for element in composition["elements"]),
        "    ]",
        "}",
        "}",
    ]


def test_a_caption_of_17_elements_is_shorter_in_python_than_in_json() -> None:
    source = Path(courier.__file__).read_text(encoding="utf-8")
    python = source[source.index("COURIER =") :].rstrip().split("\n")
    written = _one_element_a_line(courier.COURIER)
    assert len(courier.COURIER.compositional_deconstruction.elements) == 17
    assert len(python) <= len(written) - 5
    assert sum(map(len, python)) < 0.9 * sum(map(len, written))


def test_to_prompt_is_the_trained_string() -> None:
    caption = Caption.of(
        "A poster that says 'Été'.",
        art("bold", "flat", "graphic_design", "screen print", ["#FF0000"]),
        background="red paper",
        elements=[
            text("Été\n2026", "white capitals", xyxy(64, 64, 512, 256, of=Size(1024, 1024))),
            obj("a sun", colors=["#FFD400", "#000000"]),
        ],
    )
    assert caption.to_prompt() == (
        '{"high_level_description":"A poster that says \'Été\'.",'
        '"style_description":{"aesthetics":"bold","lighting":"flat","medium":"graphic_design",'
        '"art_style":"screen print","color_palette":["#FF0000"]},'
        '"compositional_deconstruction":{"background":"red paper","elements":['
        '{"type":"text","bbox":[62,62,250,500],"text":"Été\\n2026","desc":"white capitals"},'
        '{"type":"obj","desc":"a sun","color_palette":["#FFD400","#000000"]}]}}'
    )


def test_the_photo_branch_puts_photo_before_medium() -> None:
    style = photo("calm", "window light", "50mm")
    assert list(style.model_dump()) == ["aesthetics", "lighting", "photo", "medium"]
    assert style.medium == "photograph"


def test_parts_that_are_left_out_stay_out() -> None:
    assert Caption.parse(SMALLEST).to_prompt() == SMALLEST


def test_parse_brings_keys_into_order_and_drops_spaces() -> None:
    shuffled = """
      {"compositional_deconstruction": {"elements": [{"desc": "a hat", "type": "obj"}],
       "background": "a wall"}, "high_level_description": "A hat."}
    """
    assert Caption.parse(shuffled).to_prompt() == (
        '{"high_level_description":"A hat.","compositional_deconstruction":'
        '{"background":"a wall","elements":[{"type":"obj","desc":"a hat"}]}}'
    )


def test_parse_names_every_place() -> None:
    wrong = json.dumps(
        {
            "style_description": {"aesthetics": 1, "lighting": "", "photo": "", "mood": ""},
            "compositional_deconstruction": {
                "background": "x",
                "elements": [
                    {"type": "logo", "desc": ""},
                    {"type": "text", "bbox": [0, 0, 1000.0, 1], "desc": ""},
                    {"type": "obj", "bbox": [9, 0, 9, 1], "desc": "", "color_palette": ["#fff"]},
                ],
            },
        }
    )
    with pytest.raises(CaptionError) as caught:
        Caption.parse(wrong)
    places = sorted(problem.split(": ")[0] for problem in caught.value.problems)
    composition = "/compositional_deconstruction/elements"
    assert places == [
        f"{composition}/0",
        f"{composition}/1/bbox",
        f"{composition}/1/text",
        f"{composition}/2/bbox",
        f"{composition}/2/color_palette/0",
        "/style_description/aesthetics",
        "/style_description/medium",
        "/style_description/mood",
    ]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "line 1, column 1: not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ("[]", "caption"),
        ('{"style_description":null}', "leave the key out"),
    ],
)
def test_parse_refuses_with_the_reason(source: str, message: str) -> None:
    with pytest.raises(CaptionError, match=message):
        Caption.parse(source)


@pytest.mark.parametrize("keys", [{"photo", "art_style"}, set()])
def test_a_style_is_a_photo_or_art(keys: set[str]) -> None:
    style = dict.fromkeys(["aesthetics", "lighting", "medium", *keys], "x")
    with pytest.raises(CaptionError, match="exactly one of 'photo' and 'art_style'"):
        Caption.parse(json.dumps({**json.loads(SMALLEST), "style_description": style}))


def test_nouns_are_frozen_and_typed() -> None:
    caption = courier.COURIER
    assert isinstance(caption.style_description, PhotoStyle)
    assert not isinstance(caption.style_description, ArtStyle)
    assert caption.compositional_deconstruction.elements[0].bbox == BBox(670, 50, 985, 285)
    with pytest.raises(ValidationError, match="frozen"):
        caption.compositional_deconstruction.background = "x"


def test_a_wrong_box_or_colour_is_refused_where_it_is_written() -> None:
    with pytest.raises(ValidationError, match="y_min 5 is not above y_max 5"):
        obj("a hat", (5, 0, 5, 10))
    with pytest.raises(ValidationError, match="upper-case #RRGGBB"):
        text("a", "b", colors=["#abcdef"])
