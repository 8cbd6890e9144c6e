"""Edits of structure: whatever the layout, the result is JSON and looks like its neighbours."""

from __future__ import annotations

import json
from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptkit.document import Document, Node, apply_edits, read
from promptkit.lint.mending import (
    insert_member,
    remove_items,
    remove_member,
    remove_members,
    reorder_members,
)

LAYOUTS = {
    "compact": '{"a":1,"b":[2,3],"c":"x"}',
    "spaced": '{"a": 1, "b": [2, 3], "c": "x"}',
    "indented": '{\n  "a": 1,\n  "b": [2, 3],\n  "c": "x"\n}\n',
    "crlf": '{\r\n\t"a": 1,\r\n\t"b": [2, 3],\r\n\t"c": "x"\r\n}\r\n',
    "odd": '{ "a" :1 ,"b": [2,3] , "c":  "x"}',
}
each_layout = pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)


def _root(text: str) -> tuple[Document, Node]:
    document = read(text)
    return document, document.roots[0]


@each_layout
def test_members_are_removed_with_their_commas(text: str) -> None:
    whole = json.loads(text)
    _, root = _root(text)
    for count in range(len(whole) + 1):
        for gone in combinations(range(len(whole)), count):
            edits = remove_members(root, [root.members[index] for index in gone])
            left = {key: whole[key] for index, key in enumerate(whole) if index not in gone}
            assert json.loads(apply_edits(text, edits)) == left


@each_layout
def test_one_member_is_removed_like_several(text: str) -> None:
    whole = json.loads(text)
    _, root = _root(text)
    for index, key in enumerate(whole):
        mended = apply_edits(text, [remove_member(root, index)])
        assert json.loads(mended) == {name: whole[name] for name in whole if name != key}


def test_the_only_member_leaves_no_space_behind() -> None:
    text = '{\n  "a": 1\n}'
    _, root = _root(text)
    assert apply_edits(text, [remove_member(root, 0)]) == "{}"


def test_neighbours_are_removed_together_behind_the_second() -> None:
    _, root = _root(LAYOUTS["compact"])
    edits = [remove_member(root, 1), remove_member(root, 2)]
    assert apply_edits(LAYOUTS["compact"], edits) == '{"a":1}'


@given(st.lists(st.booleans(), min_size=1, max_size=7), st.sampled_from([",", ", ", ",\n  "]))
def test_items_are_removed_with_their_commas(gone: list[bool], comma: str) -> None:
    text = f"[{comma.join(map(str, range(len(gone))))}]"
    _, root = _root(text)
    mended = apply_edits(text, remove_items(root, [i for i, is_gone in enumerate(gone) if is_gone]))
    assert json.loads(mended) == [i for i, is_gone in enumerate(gone) if not is_gone]


@each_layout
def test_members_are_reordered_slot_by_slot(text: str) -> None:
    whole = json.loads(text)
    document, root = _root(text)
    for order in permutations(whole):
        mended = apply_edits(text, reorder_members(document, root, order))
        assert list(json.loads(mended).items()) == [(key, whole[key]) for key in order]
        assert len(mended) == len(text)


def test_members_that_are_not_named_stay_where_they_are() -> None:
    document, root = _root(LAYOUTS["compact"])
    edits = reorder_members(document, root, ["c", "a"])
    assert apply_edits(LAYOUTS["compact"], edits) == '{"c":"x","b":[2,3],"a":1}'


@pytest.mark.parametrize(
    ("text", "index", "expected"),
    [
        ('{"a":1,"b":2}', 0, '{"n":0,"a":1,"b":2}'),
        ('{"a":1,"b":2}', 1, '{"a":1,"n":0,"b":2}'),
        ('{"a": 1, "b": 2}', 2, '{"a": 1, "b": 2, "n": 0}'),
        ('{"a": 1}', 0, '{"n": 0, "a": 1}'),
        ('{"a":1}', 1, '{"a":1,"n":0}'),
        ('{\n  "a": 1\n}', 0, '{\n  "n": 0,\n  "a": 1\n}'),
        ('{\n  "a": 1\n}', 1, '{\n  "a": 1,\n  "n": 0\n}'),
        ('{\r\n\t"a": 1,\r\n\t"b": 2\r\n}', 1, '{\r\n\t"a": 1,\r\n\t"n": 0,\r\n\t"b": 2\r\n}'),
        ("{}", 0, '{"n": 0}'),
    ],
)
def test_a_member_is_inserted_as_its_neighbours_stand(text: str, index: int, expected: str) -> None:
    document, root = _root(text)
    assert apply_edits(text, [insert_member(document, root, index, "n", "0")]) == expected


def test_an_empty_object_takes_its_colon_from_the_object_around() -> None:
    text = '{"a":[{}]}'
    document, root = _root(text)
    inner = root.members[0].value.items[0]
    assert apply_edits(text, [insert_member(document, inner, 0, "n", "0")]) == '{"a":[{"n":0}]}'
