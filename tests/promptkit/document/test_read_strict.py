"""Strict JSON is read as the standard library reads it, and every span is where it says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from promptkit.document import Kind, Node, plain, read
from tests.promptkit.document import strategies


def _same(first: Any, second: Any) -> bool:
    return json.dumps(first) == json.dumps(second)


@given(strategies.json_texts())
def test_what_json_writes_is_read_alike_and_without_a_flaw(text: str) -> None:
    document = read(text)
    assert [flaw.slug for flaw in document.flaws if flaw.slug not in _ABOUT_CONTENT] == []
    assert _same(plain(document.roots[0]), json.loads(text))


_ABOUT_CONTENT = {"wrapper", "several-captions", "double-encoded", "literal-escape"}


@given(strategies.VALUES, strategies.LAYOUTS)
def test_escapes_are_its_only_flaw_if_json_escapes(value: Any, layout: dict[str, Any]) -> None:
    document = read(json.dumps(value, **layout))
    slugs = {flaw.slug for flaw in document.flaws} - _ABOUT_CONTENT
    assert slugs <= {"unicode-escape"}
    assert _same(plain(document.roots[0]), value)


@given(strategies.json_texts())
def test_the_text_of_a_span_reads_as_the_value_of_its_node(text: str) -> None:
    for node in read(text).roots[0].walk():
        assert _same(json.loads(text[node.start : node.end]), plain(node))
        for member in node.members:
            assert json.loads(text[member.start : member.end]) == member.name


@given(strategies.json_texts())
def test_a_pointer_leads_back_to_its_node(text: str) -> None:
    document = read(text)
    nodes = list(document.roots[0].walk())
    for node in nodes:
        if not _under_a_duplicate(node):
            assert document.find(node.pointer) is node


def _under_a_duplicate(node: Node) -> bool:
    while node.parent is not None:
        if node.parent.kind is Kind.OBJECT and node.parent.get(str(node.key)) is not node:
            return True
        node = node.parent
    return False


def test_positions_count_lines_and_columns_from_one() -> None:
    document = read('{\n  "a": [1,\r\n    "é", 2]}')
    third = document.find("/a/2")
    assert third is not None
    assert document.position(third.start) == (3, 10)
    assert document.line(2) == '  "a": [1,'


@pytest.mark.parametrize("pointer", ["/b", "/a/3", "/a/x", "/a/0/b", "/a/-1"])
def test_a_pointer_to_nothing_finds_nothing(pointer: str) -> None:
    assert read('{"a": [1, 2]}').find(pointer) is None


def test_of_duplicates_the_last_one_counts_and_all_are_kept() -> None:
    root = read('{"a": 1, "a": 2}').roots[0]
    assert [member.value.value for member in root.members] == [1, 2]
    assert root.get("a") is root.members[1].value
