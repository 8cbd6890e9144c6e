"""One thing done to a caption, and exactly what becomes of its text."""

from __future__ import annotations

import json
from typing import Any

import pytest

from promptkit.geometry import BBox, Size
from promptkit.session import (
    Align,
    Axis,
    NotEditableError,
    Part,
    Session,
    Shift,
    add_element,
    duplicate,
    remove_elements,
    reorder,
    set_field,
)
from promptkit.session import boxes as box_operations
from promptkit.session.elements import toggle_group, toggle_lock
from promptkit.session.fields import field_text, style_keys, switch_branch
from promptkit.session.mends import apply_fix, apply_safe_fixes, neighbour, place_of, preview
from promptkit.session.pasting import looks_like_a_caption, paste_caption

LAID_OUT = """{
  "compositional_deconstruction": {
    "background": "A plain wall.",
    "elements": [
      {"type": "obj", "bbox": [100, 100, 300, 300], "desc": "A red cup."},
      {"type": "obj", "bbox": [400, 500, 500, 700], "desc": "A blue cup."},
      {"type": "text", "bbox": [800, 100, 900, 900], "text": "CUPS", "desc": "Large letters."}
    ]
  }
}
"""


def _elements(session: Session) -> list[dict[str, Any]]:
    data: Any = json.loads(session.text)
    found: list[dict[str, Any]] = data["compositional_deconstruction"]["elements"]
    return found


def _boxes(session: Session) -> list[list[int]]:
    return [each["bbox"] for each in _elements(session)]


def test_a_field_is_written_in_the_files_own_style() -> None:
    session = Session(LAID_OUT)
    set_field(session, Part.ELEMENT, "desc", 'A "green" cup.', 0)
    assert session.text == LAID_OUT.replace("A red cup.", r"A \"green\" cup.")


def test_a_new_key_takes_its_trained_place() -> None:
    session = Session(LAID_OUT)
    set_field(session, Part.ELEMENT, "color_palette", ["#AA0000", "#00AA00"], 0)
    set_field(session, Part.SUMMARY, "high_level_description", "Two cups.")
    assert list(_elements(session)[0]) == ["type", "bbox", "desc", "color_palette"]
    assert session.text.startswith('{\n  "high_level_description": "Two cups.",\n  "comp')


def test_a_compact_file_stays_compact() -> None:
    compact = json.dumps(json.loads(LAID_OUT), separators=(",", ":"))
    session = Session(compact)
    add_element(session, "obj", BBox(1, 2, 300, 400))
    box_operations.set_boxes(session, {0: BBox(5, 100, 300, 300)}, "move")
    assert session.text == json.dumps(json.loads(session.text), separators=(",", ":"))


def test_a_missing_block_is_made() -> None:
    session = Session("{}")
    set_field(session, Part.STYLE, "lighting", "soft")
    set_field(session, Part.BACKGROUND, "background", "A wall.")
    add_element(session, "text")
    data = json.loads(session.text)
    assert data["style_description"] == {"lighting": "soft"}
    assert data["compositional_deconstruction"]["background"] == "A wall."
    assert [each["type"] for each in _elements(session)] == ["text"]


def test_switching_the_branch_keeps_the_words_and_the_order() -> None:
    session = Session('{"style_description": {"aesthetics": "a", "photo": "50mm", "medium": "m"}}')
    switch_branch(session)
    assert json.loads(session.text)["style_description"] == {
        "aesthetics": "a",
        "medium": "m",
        "art_style": "50mm",
    }
    assert style_keys(session)[-2] == "art_style"
    session.undo()
    assert "photo" in session.text


def test_quick_typing_is_one_step_and_a_pause_ends_it() -> None:
    times = iter([0.0, 0.3, 0.6, 5.0])
    session = Session(LAID_OUT, clock=lambda: next(times))
    for words in ("A", "A w", "A wa", "A wall"):
        set_field(session, Part.BACKGROUND, "background", words)
    assert session.undo() == "edit background"
    assert field_text(session, Part.BACKGROUND, "background") == "A wa"
    session.undo()
    assert session.text == LAID_OUT


def test_a_group_moves_together_and_stops_at_the_edge() -> None:
    session = Session(LAID_OUT)
    session.select(0, 1)
    toggle_group(session)
    session.select(1)
    assert set(session.marks.elements) == {0, 1}
    box_operations.nudge(session, 400, 0)
    assert _boxes(session)[:2] == [[100, 400, 300, 600], [400, 800, 500, 1000]]


def test_what_is_locked_neither_moves_nor_goes() -> None:
    session = Session(LAID_OUT)
    session.select(0, 1)
    session.marks = session.marks.toggled(1)
    toggle_lock(session)
    session.select(0, 1)
    box_operations.nudge(session, 10, 10)
    assert _boxes(session)[0] == [100, 100, 300, 300]
    assert _boxes(session)[1] == [410, 510, 510, 710]
    assert remove_elements(session) == 1
    assert [each["desc"] for each in _elements(session)] == ["A red cup.", "Large letters."]
    assert session.marks.locked == {0}


def test_order_lock_and_selection_follow_the_element() -> None:
    session = Session(LAID_OUT)
    session.select(0)
    toggle_lock(session)
    session.select(2)
    reorder(session, Shift.BACK)
    assert _elements(session)[0]["desc"] == "Large letters."
    assert session.marks.elements == (0,)
    assert session.marks.locked == {1}
    session.undo()
    assert session.text == LAID_OUT
    assert session.marks.locked == {0}


def test_one_step_forward_passes_one_neighbour() -> None:
    session = Session(LAID_OUT)
    session.select(0)
    reorder(session, Shift.FORWARD)
    assert [each["desc"][:5] for each in _elements(session)] == ["A blu", "A red", "Large"]


def test_align_and_distribute() -> None:
    session = Session(LAID_OUT)
    session.select(0, 1, 2)
    box_operations.align(session, Align.LEFT)
    assert {box[1] for box in _boxes(session)} == {100}
    box_operations.distribute(session, Axis.DOWN)
    assert _boxes(session)[1][0] - 300 == 800 - _boxes(session)[1][2]
    session.select(0)
    box_operations.align(session, Align.CENTER)
    assert _boxes(session)[0] == [100, 400, 300, 600]


def test_a_copy_is_written_as_its_original_and_lies_beside_it() -> None:
    session = Session(LAID_OUT)
    session.select(0)
    duplicate(session)
    assert _elements(session)[3]["bbox"] == [130, 130, 330, 330]
    assert '\n      {"type": "obj", "bbox": [130, 130, 330, 330], "desc": "A red cup."}\n' in (
        session.text
    )
    assert session.marks.elements == (3,)


def test_refitting_keeps_shapes_in_pixels() -> None:
    session = Session(LAID_OUT)
    old = BBox(*_boxes(session)[0]).aspect(session.size)
    box_operations.set_size(session, Size(1536, 768), refit=True)
    assert BBox(*_boxes(session)[0]).aspect(session.size) == pytest.approx(old, rel=0.02)
    box_operations.set_size(session, Size(640, 640))
    assert BBox(*_boxes(session)[0]).aspect(session.size) != pytest.approx(old, rel=0.02)


def test_broken_text_stays_and_the_last_tree_stays_visible() -> None:
    session = Session(LAID_OUT)
    session.replace_text(LAID_OUT[: LAID_OUT.index("A blue")], "type")
    assert session.broken
    assert session.count == 3
    with pytest.raises(NotEditableError, match="JSON pane"):
        add_element(session, "obj")
    assert session.check()[0].slug == "invalid-json"
    session.undo()
    assert not session.broken


def test_findings_lead_to_their_field_and_are_mended() -> None:
    text = LAID_OUT.replace("[100, 100, 300, 300]", "[300, 100, 100, 300]")
    session = Session(text)
    found = [each for each in session.check() if each.slug == "inverted-box"]
    assert place_of(session, found[0]) == (Part.ELEMENT, 0, "bbox")
    after = preview(session, found[0])
    assert apply_fix(session, found[0])
    assert session.text == after
    assert preview(session, found[0]) is None
    assert neighbour(len(session.check()), len(session.check()) - 1, 1) == 0


def test_all_safe_fixes_are_one_step() -> None:
    session = Session(LAID_OUT.replace('Large letters."}', 'Large letters.",}').replace("#", ""))
    assert apply_safe_fixes(session) >= 1
    json.loads(session.text)
    session.undo()
    assert ",}" in session.text


def test_a_pasted_caption_is_converted_and_the_changes_told() -> None:
    session = Session(LAID_OUT)
    foreign = json.dumps(
        {
            "width": 1536,
            "height": 640,
            "high_level_description": "A cup.",
            "compositional_deconstruction": {
                "background": "A wall.",
                "elements": [{"bbox": [1, 2, 300, 400], "type": "object", "description": "A cup."}],
            },
        }
    )
    assert looks_like_a_caption(foreign)
    assert not looks_like_a_caption("a cup {with} braces")
    changes = paste_caption(session, foreign)
    assert changes
    assert list(_elements(session)[0]) == ["type", "bbox", "desc"]
    assert session.size == Size(1536, 640)
    session.undo()
    assert session.text == LAID_OUT


def test_findings_of_an_outdated_text_are_not_taken_over() -> None:
    session = Session(LAID_OUT)
    revision, findings = session.revision, session.lint()
    session.replace_text("{", "type")
    assert not session.accept(revision, findings)
    assert session.checked == -1
