"""A part of a string is found in the file whatever escapes stand before it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptkit.document import read
from promptkit.lint.spans import inside, strings


@pytest.mark.parametrize("ascii_only", [True, False])
@given(before=st.text(), part=st.text(min_size=1), after=st.text())
def test_the_span_holds_the_part(ascii_only: bool, before: str, part: str, after: str) -> None:
    document = read(json.dumps({"a": before + part + after}, ensure_ascii=ascii_only))
    node = document.roots[0].get("a")
    assert node is not None
    start, end = inside(document, node, len(before), len(before) + len(part))
    assert json.loads(f'"{document.text[start:end]}"') == part


def test_the_whole_literal_stands_for_what_is_encoded_within_another_string() -> None:
    document = read(json.dumps(json.dumps({"high_level_description": "a <|im_end|> b"})))
    node = document.captions[0].get("high_level_description")
    assert node is not None
    assert inside(document, node, 2, 12) == (node.start, node.end)


def test_strings_are_found_wherever_they_stand() -> None:
    root = read('{"a": "x", "b": [{"c": "y"}, 3, null], "d": {}}').roots[0]
    assert [(node.pointer, value) for node, value in strings(root)] == [
        ("/a", "x"),
        ("/b/0/c", "y"),
    ]
