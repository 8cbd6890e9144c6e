"""What a person does in the terminal, one story a test."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

pytest.importorskip("textual")

from textual import events
from textual.pilot import Pilot

from promptkit.geometry import Size
from promptkit.session import Part, Session, open_session
from promptkit.session.recovery import orphans
from promptkit.tui.screens.choice import ChoiceScreen
from promptkit.tui.screens.compose import ComposeScreen
from promptkit.tui.screens.help import HelpScreen
from promptkit.tui.screens.report import FixScreen, ReportScreen
from promptkit.tui.widgets.field import Field
from tests.promptkit.tui.driving import CAPTION, drive, elements, until


def _area(screen: ComposeScreen, key: str) -> Field:
    return next(field for field in screen.query(Field) if field.display and field.spec.key == key)


def test_move_resize_and_undo_a_box_by_keys(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n", "right", "right", "shift+down", "ctrl+right")
        assert elements(session)[0]["bbox"] == [101, 120, 401, 430]
        await pilot.press("ctrl+z", "ctrl+z", "ctrl+z")
        assert session.text == CAPTION
        await pilot.press("ctrl+y")
        assert session.text != CAPTION

    drive(story, tmp_path)


def test_draw_a_box_move_it_and_take_its_corner_by_mouse(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        area = screen.canvas.area

        def place(x: int, y: int) -> tuple[int, int]:
            # The border takes a cell on each side.
            return 1 + area.left + x * area.width // 1000, 1 + area.top + y * area.height // 1000

        async def drag(start: tuple[int, int], end: tuple[int, int]) -> None:
            await pilot.mouse_down("#canvas", offset=start)
            await pilot.hover("#canvas", offset=end)
            await pilot.mouse_up("#canvas", offset=end)

        await drag(place(50, 600), place(400, 950))
        assert len(elements(session)) == 4
        drawn = elements(session)[3]["bbox"]
        assert (drawn[1] < 120, drawn[3] > 350) == (True, True)
        assert (drawn[0] < 660, drawn[2] > 900) == (True, True)
        await drag(place(200, 750), place(300, 750))
        moved = elements(session)[3]["bbox"]
        assert moved[1] > drawn[1]
        assert moved[0] == drawn[0]
        left, _, _, bottom = area.cells(screen.canvas.session.view.elements[3].bbox)  # type: ignore[union-attr, arg-type]
        corner = (1 + area.left + left, area.top + bottom)
        await drag(corner, (corner[0] - 3, corner[1]))
        assert elements(session)[3]["bbox"][1] < moved[1]
        assert elements(session)[3]["bbox"][3] == moved[3]

    drive(story, tmp_path)


def test_typing_in_the_form_writes_the_file_and_findings_follow(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n", "enter")
        await pilot.pause()
        field = _area(screen, "desc")
        field.area.focus()
        field.area.select_all()
        await pilot.press("backspace")
        assert elements(session)[0]["desc"] == ""
        assert [each.slug for each in session.findings] == ["empty-desc"]
        await pilot.press("A", "space", "k", "i", "t", "e")
        assert elements(session)[0]["desc"] == "A kite"
        assert session.findings == ()
        assert json.loads(screen.json.session.text)

    drive(story, tmp_path)


def test_literal_text_makes_an_object_a_text_element(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n", "enter")
        await pilot.pause()
        _area(screen, "text").area.focus()
        await pilot.press("H", "i")
        assert list(elements(session)[0])[:3] == ["type", "bbox", "text"]
        assert elements(session)[0]["type"] == "text"
        assert elements(session)[0]["text"] == "Hi"

    drive(story, tmp_path)


def test_a_mistake_is_found_explained_previewed_and_fixed(tmp_path: Path) -> None:
    wrong = CAPTION.replace("#C8452F", "#c8452f")

    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        assert [each.slug for each in session.findings] == ["invalid-color"]
        await pilot.press("f8")
        assert session.marks.element == 0
        await pilot.press("f3")
        screen.findings.focus()
        screen.findings.display = True
        await pilot.press("f9")
        await until(pilot, lambda: isinstance(pilot.app.screen, FixScreen))
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert session.text == CAPTION
        await pilot.press("ctrl+z")
        assert session.text == wrong

    drive(story, tmp_path, session=Session(wrong))


def test_the_json_pane_edits_both_ways_and_keeps_broken_text(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("f4")
        await pilot.pause()
        screen.json.focus()
        screen.json.go(session.text.index('"bbox"'))
        await pilot.press("x")
        assert session.text.count('x"bbox"') == 1
        await pilot.press("ctrl+z")
        assert session.text == CAPTION
        assert screen.json.text == CAPTION
        screen.json.select_all()
        await pilot.press("backspace", "{", "quotation_mark")
        assert session.text == '{"'
        assert session.findings
        await pilot.press("ctrl+z")
        screen.canvas.focus()
        await pilot.press("n", "right")
        assert screen.json.text == session.text

    drive(story, tmp_path)


def test_a_pasted_caption_is_converted_and_reported(tmp_path: Path) -> None:
    foreign = json.dumps(
        {
            "high_level_description": "A cup.",
            "compositional_deconstruction": {
                "background": "A wall.",
                "elements": [{"bbox": [1, 2, 300, 400], "type": "object", "desc": "A cup."}],
            },
        }
    )

    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        pilot.app.post_message(events.Paste(foreign))
        await until(pilot, lambda: isinstance(pilot.app.screen, ReportScreen))
        await pilot.press("escape")
        assert elements(session) == [{"type": "obj", "bbox": [1, 2, 300, 400], "desc": "A cup."}]
        await pilot.press("ctrl+z")
        assert session.text == CAPTION

    drive(story, tmp_path)


@pytest.mark.parametrize("key", ["f4", "enter", "escape"])
def test_two_megabytes_of_paste_are_refused_at_once(tmp_path: Path, key: str) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n", key)
        await pilot.pause()
        pilot.app.post_message(events.Paste("word " * 400_000))
        await pilot.pause()
        assert session.text == CAPTION
        screen.canvas.focus()
        await pilot.press("escape", "n", "right")
        assert elements(session)[0]["bbox"][1] == 110

    drive(story, tmp_path)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize(("key", "field"), [("t", "text"), ("a", "desc")])
def test_what_is_typed_after_adding_an_element_goes_into_it(
    tmp_path: Path, key: str, field: str, size: tuple[int, int]
) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        # All at once, as a paste or a busy machine has it: no letter may run a command.
        for letter in (key, *"dog at x"):
            pilot.app.post_message(events.Key(letter.replace(" ", "space"), letter))
        await until(pilot, lambda: elements(session)[-1][field] == "dog at x")
        assert len(elements(session)) == 4
        assert _area(screen, field).area.has_focus
        await pilot.press("escape", "x")
        assert session.count == 3

    drive(story, tmp_path, size=size)


def test_what_is_typed_after_drawing_a_box_describes_it(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        area = screen.canvas.area
        start, end = (
            (area.left + 2, area.top + area.height - 4),
            (area.left + 12, area.top + area.height - 1),
        )
        await pilot.mouse_down("#canvas", offset=start)
        await pilot.hover("#canvas", offset=end)
        await pilot.mouse_up("#canvas", offset=end)
        await pilot.press(*"dog")
        assert [each["desc"] for each in elements(session)][3:] == ["dog"]

    drive(story, tmp_path)


def test_add_duplicate_lock_group_reorder_remove(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("t", "escape")
        assert elements(session)[3]["type"] == "text"
        await pilot.press("x")
        await pilot.press("n", "d")
        assert len(elements(session)) == 4
        await pilot.press("escape", "n", "o", "right", "x")
        assert len(elements(session)) == 4
        await pilot.press("o", "right_curly_bracket")
        assert elements(session)[3]["desc"] == "A red kite with a long tail."
        await pilot.press("escape", "n", "space", "g")
        assert session.marks.groups == (frozenset({0, 1}),)

    drive(story, tmp_path)


def test_arrange_by_the_menu(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("A", "m")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChoiceScreen))
        await pilot.press("l")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert {each["bbox"][1] for each in elements(session)} == {100}

    drive(story, tmp_path)


def test_another_size_refits_the_boxes(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("f10")
        await until(pilot, lambda: pilot.app.screen is not screen)
        pilot.app.screen.query_one("#size").value = "1536x640"  # type: ignore[attr-defined]
        await pilot.press("ctrl+r")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert session.size == Size(1536, 640)
        assert elements(session)[0]["bbox"] != [100, 100, 400, 400]
        assert screen.canvas.area.width > 2.3 * screen.canvas.area.height

    drive(story, tmp_path)


def test_save_and_leave(tmp_path: Path) -> None:
    path = tmp_path / "caption.json"
    path.write_text(CAPTION)

    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n", "right", "ctrl+s")
        await until(pilot, lambda: not session.dirty)
        assert path.read_text() == session.text
        await pilot.press("ctrl+q")
        await pilot.pause()

    assert drive(story, tmp_path / "state", session=open_session(path)).return_code == 0


async def _takes_keys(pilot: Pilot[None]) -> None:
    """Until a question that nobody asked for has stood long enough to be answered."""
    await until(
        pilot,
        lambda: isinstance(pilot.app.screen, ChoiceScreen) and pilot.app.screen.focused is not None,
    )


def test_someone_elses_change_is_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "caption.json"
    path.write_text(CAPTION)

    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n", "right")
        path.write_text(CAPTION.replace("red", "green"))
        await _takes_keys(pilot)
        await pilot.press("k")
        await until(pilot, lambda: pilot.app.screen is screen)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChoiceScreen))
        await pilot.press("c")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert "green" in path.read_text()
        assert session.dirty

    drive(story, tmp_path / "state", session=open_session(path))


def test_unsaved_changes_are_written_down_and_offered_again(tmp_path: Path) -> None:
    async def edit(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n", "right")
        await until(pilot, lambda: bool(list((tmp_path / "recovery").glob("*.json"))))

    app = drive(edit, tmp_path)
    app.rescue()
    file = next((tmp_path / "recovery").glob("*.json"))
    kept = json.loads(file.read_text())
    file.write_text(json.dumps(kept | {"process": 2**22 + 1}))
    assert orphans(tmp_path)

    async def answered() -> None:
        again = type(app)(Session(""), tmp_path)
        async with again.run_test() as pilot:
            await _takes_keys(pilot)
            await pilot.press("r")
            await until(pilot, lambda: again.session.text == kept["text"])

    asyncio.run(answered())
    assert not orphans(tmp_path)


def test_help_lists_every_key_and_the_palette_every_command(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))
        await pilot.press("escape")
        commands = {command.title for command in pilot.app.get_system_commands(screen)}
        assert {"Save", "Duplicate", "Fix all safe", "Undo", "Theme"} <= commands

    drive(story, tmp_path)


def test_jump_mode_goes_to_a_pane(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("f6")
        await until(pilot, lambda: pilot.app.screen is not screen)
        await pilot.press("f")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert screen.findings.has_focus

    drive(story, tmp_path)


def test_panes_hide_and_come_back(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        before = screen.canvas.size.width
        await pilot.press("f2")
        await pilot.pause()
        assert screen.canvas.size.width > before
        await pilot.press("f2")
        await pilot.pause()
        assert screen.outline.has_focus
        assert session.marks.part is Part.SUMMARY

    drive(story, tmp_path)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (250, 70), (40, 12)])
def test_every_terminal_shows_the_layout_in_its_true_shape(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        area = screen.canvas.area
        assert area.width * area.height > 1
        if size != (40, 12):
            assert area.width == pytest.approx(2 * area.height, abs=1)
        await pilot.press("n", "right", "enter", "escape")
        assert elements(session)[0]["bbox"][1] == 110

    drive(story, tmp_path, size=size)
