"""The fast reader gives what the forgiving one gives, or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptkit.document import Node
from promptkit.document.scanner import Scanner
from promptkit.document.strict import MAX_DEPTH, read_strict

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)


def facts(node: Node) -> Iterator[tuple[Any, ...]]:
    """All that a tree says."""
    for each in node.walk():
        parent = each.parent.pointer if each.parent else None
        members = [(member.name, member.start, member.end) for member in each.members]
        yield each.kind, each.start, each.end, each.key, each.value, parent, members


def agree(text: str) -> bool:
    """Compare the two readers; whether the fast one did read the text."""
    root = read_strict(text)
    if root is None:
        return False
    scanner = Scanner(text)
    assert list(facts(root)) == list(facts(scanner.value()))
    assert not scanner.skip()
    assert not scanner.flaws
    assert not scanner.unclosed
    return True


@given(st.dictionaries(st.text(), VALUES), st.sampled_from([None, 0, 2, "\t"]), st.booleans())
def test_it_reads_as_the_scanner_does(
    value: dict[str, Any], indent: int | str | None, ascii_only: bool
) -> None:
    agree(f" {json.dumps(value, indent=indent, ensure_ascii=ascii_only)}\n")


WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\\"))
KEYS = st.text("abcxyz_é ", max_size=8)
PLAIN_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**14), 10**14) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)


@given(st.dictionaries(KEYS, PLAIN_VALUES), st.sampled_from([None, 0, 2, "\t"]))
def test_what_captions_hold_is_never_left_to_the_slow_reader(
    value: dict[str, Any], indent: int | str | None
) -> None:
    assert agree(json.dumps(value, indent=indent, ensure_ascii=False))


@given(
    st.text(st.sampled_from('{}[]:,"\\ntrue1-0. \n\r\té喫\u2028#/'), max_size=40),
    st.sampled_from(['{"a": %s}', '{"a": "%s"}', "{%s}", '{"%s": 1}', '{"a": [%s]}', "%s"]),
)
def test_on_anything_it_agrees_or_gives_up(inside: str, around: str) -> None:
    agree(around % inside)


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        ' \r\n{"a" : [ ] , "b":{ } }\t',
        '{"a": "one\\n\\"two\\"", "b": [0, -0, -12, 123456789012345, true, false, null, "x"]}',
        '{"a": [[1], {"b": "é喫\u2028"}]}',
    ],
)
def test_plain_json_is_read(text: str) -> None:
    assert agree(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "1", "{", '{"a"', '{"a":', '{"a": 1', '{"a": [1', '{"a": [', '{"a": "x',
        '{"a": 1,}', '{"a": [1,]}', '{"a": 1 "b": 2}', '{"a": [1 2]}', "{,}", '{"a": 1]', '{"a": [1}}',
        '{"a": 1} x', '{"a": 1}{}', '{"a": 1, "a": 2}', "{a: 1}", "{'a': 1}", '{"a": 1.5}', '{"a": 01}',
        '{"a": 1e3}', '{"a": +1}', '{"a": 1234567890123456}', '{"a": NaN}', '{"a": True}', '{"a": truex}',
        '{"a": "\\u00e9"}', '{"a": "\\/"}', '{"a": "\\\\u0041"}', '{"a": "tab\there"}', '{"a\\n": 1}',
        '{"a": 1 /* b */}', '{"a": 1}\u00a0',
    ],
)  # fmt: skip
def test_anything_else_is_left_to_the_scanner(text: str) -> None:
    assert read_strict(text) is None


def test_depth_is_left_to_the_scanner() -> None:
    deep = '{"a":' * MAX_DEPTH + "{}" + "}" * MAX_DEPTH
    assert read_strict(deep) is None
    assert agree(deep[5:-1])


def test_a_start_can_be_given() -> None:
    root = read_strict('\ufeff {"a": 1}', 1)
    assert root is not None
    assert (root.start, root.members[0].value.start) == (2, 8)
    assert read_strict('\ufeff{"a": 1}') is None
