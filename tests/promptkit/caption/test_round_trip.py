from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings

from promptkit.caption import Caption, json_schema
from tests.promptkit.caption.strategies import CAPTIONS


@settings(max_examples=60)
@given(CAPTIONS)
def test_any_caption_reads_back_as_itself(caption: Caption) -> None:
    prompt = caption.to_prompt()
    again = Caption.parse(prompt)
    assert again == caption
    assert again.to_prompt() == prompt


@settings(max_examples=60)
@given(CAPTIONS)
def test_keys_stand_in_the_order_of_the_schema(caption: Caption) -> None:
    definitions = json_schema()["$defs"]

    def ordered(data: dict[str, Any], noun: dict[str, Any]) -> bool:
        order = list(noun["properties"])
        return [*data] == sorted(data, key=order.index)

    data = json.loads(caption.to_prompt())
    composition = data["compositional_deconstruction"]
    assert ordered(data, json_schema())
    assert ordered(composition, definitions["Composition"])
    for element in composition["elements"]:
        noun = "TextElement" if element["type"] == "text" else "ObjElement"
        assert ordered(element, definitions[noun])
    if style := data.get("style_description"):
        assert ordered(style, definitions["PhotoStyle" if "photo" in style else "ArtStyle"])
