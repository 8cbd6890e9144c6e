"""Which key was meant, and captions read in that light."""

from __future__ import annotations

import pytest

from promptkit.document import read
from promptkit.keys import Role
from promptkit.lint.schema import KNOWN_KEYS
from promptkit.lint.spelling import element_type, find, meant, resolved, slips, type_meant
from promptkit.lint.view import CaptionView


@pytest.mark.parametrize(
    ("role", "written", "key", "certain"),
    [
        ("style", "colour_palette", "color_palette", True),
        ("style", "Color Palette", "color_palette", True),
        ("style", "artStyle", "art_style", True),
        ("root", "highLevelDescription", "high_level_description", True),
        ("root", "compositional_decomposition", "compositional_deconstruction", False),
        ("style", "lightning", "lighting", False),
        ("composition", "elemnts", "elements", False),
        ("element", "tpye", "type", False),
        ("element", "descr", "desc", False),
        ("element", "bounding_box", "bbox", False),
    ],
)
def test_slips_are_recognised(role: Role, written: str, key: str, certain: bool) -> None:
    assert meant(role, written) == (key, certain)


@pytest.mark.parametrize(
    ("role", "written"),
    [
        ("root", "prompt"),
        ("root", "aspect_ratio"),
        ("root", "elements"),
        ("style", "background"),
        ("style", "camera"),
        ("composition", "canvas"),
        ("composition", "layout"),
        ("element", "id"),
        ("element", "size"),
        ("element", "style"),
        ("element", ""),
        ("element", "desc" * 20),
    ],
)
def test_other_words_are_no_slips(role: Role, written: str) -> None:
    assert meant(role, written) is None


@pytest.mark.parametrize("role", KNOWN_KEYS)
def test_every_known_key_means_itself(role: Role) -> None:
    for key in KNOWN_KEYS[role]:
        assert meant(role, key.upper()) == (key, True)


def _node(text: str) -> CaptionView:
    document = read(text)
    return CaptionView(document, document.roots[0])


def test_a_slip_stands_for_a_missing_key_only() -> None:
    node = _node('{"desc": "a", "descr": "b"}').node
    assert slips("element", node) == {}
    assert find("element", node, "desc") is node.members[0].value


def test_the_first_of_two_slips_counts() -> None:
    node = _node('{"descr": "a", "Desc": "b"}').node
    assert resolved("element", node)["desc"].name == "descr"


def test_a_guess_has_to_hold_the_right_kind_of_value() -> None:
    assert slips("root", _node('{"style": "flat"}').node) == {}
    assert "style_description" in slips("root", _node('{"style": {}}').node)


def test_content_is_lettering_in_a_text_element_alone() -> None:
    assert "text" in slips("element", _node('{"type": "text", "content": "A"}').node)
    assert slips("element", _node('{"type": "obj", "content": "A"}').node) == {}


def test_a_view_sees_through_slips() -> None:
    view = _node(
        '{"Style Description": {}, "compositional_decomposition":'
        ' {"elemnts": [{"tpye": "heading", "descr": "x", "box": [1, 2, 3, 4]}]}}'
    )
    (element,) = view.elements
    assert view.style is not None
    assert (element.type, element.desc, element.bbox) == ("text", "x", (1, 2, 3, 4))


@pytest.mark.parametrize(
    ("name", "kind"), [("obj", "obj"), (" TEXT ", "text"), ("subject", "obj"), ("heading", "text")]
)
def test_types_have_aliases(name: str, kind: str) -> None:
    assert type_meant(name) == kind


@pytest.mark.parametrize("kind", ["7", "[]", "{}", "null", '"gizmo"'])
def test_other_types_are_not_guessed(kind: str) -> None:
    assert element_type(_node(f'{{"type": {kind}}}').node) is None
