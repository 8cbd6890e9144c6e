"""Boxes on the canvas: everything that lines them up, by keys and by mouse."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("textual")

from textual.pilot import Pilot

from promptkit.geometry import Size
from promptkit.session import Session
from promptkit.tui.screens.choice import ChoiceScreen
from promptkit.tui.screens.compose import ComposeScreen
from tests.promptkit.tui.driving import CAPTION, drive, elements, until


async def _arrange(pilot: Pilot[None], screen: ComposeScreen, key: str) -> None:
    await pilot.press("m")
    await until(pilot, lambda: isinstance(pilot.app.screen, ChoiceScreen))
    await pilot.pause()
    await pilot.press(key)
    await until(pilot, lambda: pilot.app.screen is screen)
    await pilot.pause()


def _boxes(session: Session) -> list[list[int]]:
    return [each["bbox"] for each in elements(session)]


def _place(screen: ComposeScreen, x: int, y: int) -> tuple[int, int]:
    """Where on the widget a point of the grid is; its border takes a cell on each side."""
    area = screen.canvas.area
    return 1 + area.left + x * area.width // 1000, 1 + area.top + y * area.height // 1000


@pytest.mark.parametrize(
    ("key", "side", "values"),
    [
        ("l", 1, {100}), ("r", 3, {950}), ("t", 0, {50}), ("b", 2, {900}),
    ],
)  # fmt: skip
def test_several_boxes_are_lined_up_with_each_other(
    tmp_path: Path, key: str, side: int, values: set[int]
) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("A")
        await _arrange(pilot, screen, key)
        assert {box[side] for box in _boxes(session)} == values
        await pilot.press("ctrl+z")
        assert session.text == CAPTION

    drive(story, tmp_path)


def test_one_box_is_lined_up_with_the_picture(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n")
        await _arrange(pilot, screen, "c")
        await _arrange(pilot, screen, "m")
        assert _boxes(session)[0] == [350, 350, 650, 650]

    drive(story, tmp_path)


def test_gaps_are_made_equal(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("A")
        await _arrange(pilot, screen, "v")
        top, middle, bottom = sorted(_boxes(session))
        assert abs((middle[0] - top[2]) - (bottom[0] - middle[2])) <= 1

    drive(story, tmp_path)


def test_edges_snap_to_a_coarser_grid(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n", "shift+right", "shift+down", "s")
        assert _boxes(session)[0] == [100, 100, 400, 400]
        await pilot.press("right", "s")
        assert _boxes(session)[0] == [100, 100, 400, 400]

    drive(story, tmp_path)


def test_a_group_is_selected_and_moved_as_one(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n", "space", "g", "escape", "n")
        assert set(session.marks.elements) == {0, 1}
        await pilot.press("right")
        assert [box[1] for box in _boxes(session)] == [110, 510, 450]
        await pilot.press("g", "escape", "n", "right")
        assert [box[1] for box in _boxes(session)] == [120, 510, 450]

    drive(story, tmp_path)


def test_the_mouse_selects_several_and_moves_them_together(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        kite, child = _place(screen, 250, 250), _place(screen, 650, 700)
        await pilot.click("#canvas", offset=kite)
        await pilot.click("#canvas", offset=child, shift=True)
        assert set(session.marks.elements) == {0, 1}
        await pilot.mouse_down("#canvas", offset=child)
        await pilot.hover("#canvas", offset=(child[0] + 4, child[1]))
        await pilot.mouse_up("#canvas", offset=(child[0] + 4, child[1]))
        moved = _boxes(session)
        assert moved[0][1] - 100 == moved[1][1] - 500 > 50
        assert moved[2] == [50, 450, 200, 950]
        # One drag is one step.
        await pilot.press("ctrl+z")
        assert session.text == CAPTION

    drive(story, tmp_path)


def test_what_is_locked_stays_under_every_hand(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n", "o", "right", "ctrl+right", "s", "b", "x")
        kite = _place(screen, 250, 250)
        await pilot.mouse_down("#canvas", offset=kite)
        await pilot.hover("#canvas", offset=(kite[0] + 4, kite[1]))
        await pilot.mouse_up("#canvas", offset=(kite[0] + 4, kite[1]))
        assert session.text == CAPTION
        await pilot.press("o", "right")
        assert _boxes(session)[0][1] == 110

    drive(story, tmp_path)


def test_a_box_is_taken_out_and_drawn_anew(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n", "b")
        assert "bbox" not in elements(session)[0]
        start, end = _place(screen, 40, 600), _place(screen, 400, 950)
        await pilot.mouse_down("#canvas", offset=start)
        await pilot.hover("#canvas", offset=end)
        await pilot.mouse_up("#canvas", offset=end)
        assert session.count == 3
        assert elements(session)[0]["bbox"][3] > 300
        # It is the layout that goes on listening, as nothing new waits for words.
        assert screen.canvas.has_focus

    drive(story, tmp_path)


def test_the_place_is_read_on_the_grid_and_in_pixels(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        session.size = Size(2048, 1024)
        await pilot.press("n", "right")
        assert str(screen.canvas.border_subtitle) == "y 100–400 x 110–410 · 615x308 px at 225,102"

    drive(story, tmp_path)


def test_another_size_keeps_the_numbers_of_the_boxes(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("f10")
        await until(pilot, lambda: pilot.app.screen is not screen)
        await pilot.pause()
        pilot.app.screen.query_one("#size").value = "1536x640"  # type: ignore[attr-defined]
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert session.size == Size(1536, 640)
        assert session.text == CAPTION
        assert screen.canvas.area.width > 2.3 * screen.canvas.area.height

    drive(story, tmp_path)


def test_elements_go_forward_and_back_one_by_one(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n", "right_square_bracket")
        assert [each["desc"][:5] for each in elements(session)] == ["A chi", "A red", "Large"]
        await pilot.press("left_square_bracket")
        assert session.text == CAPTION
        await pilot.press("left_curly_bracket")
        assert session.text == CAPTION

    drive(story, tmp_path)
