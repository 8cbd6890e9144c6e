"""From a template to a caption, or to a folder full of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("textual")

from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from promptkit.lint import lint
from promptkit.session import Session
from promptkit.tui.screens.choice import ChoiceScreen
from promptkit.tui.screens.compose import ComposeScreen
from promptkit.tui.screens.shelf import ShelfScreen
from promptkit.tui.screens.variants import VariantsScreen
from tests.promptkit.tui.driving import Story, drive, elements, until

TEMPLATE = """---
description: "A cup on a table"
size: 256x256
variables:
  words: {type: string, default: TEA, description: The lettering}
  color: {type: choice, choices: [red, green, blue]}
  big: {type: boolean, default: false}
---
{"high_level_description": "A {{ color }} cup.",
 "compositional_deconstruction": {"background": "A plain wooden table against a white wall.",
  "elements": [
   {"type": "obj", "bbox": [300, 300, {{ 900 if big else 700 }}, 700], "desc": "A {{ color }} cup."},
   {"type": "text", "bbox": [100, 100, 200, 900], "text": "{{ words }}", "desc": "White letters."}]}}
"""


async def _shelf(pilot: Pilot[None]) -> ShelfScreen:
    await pilot.press("ctrl+t")
    await until(pilot, lambda: isinstance(pilot.app.screen, ShelfScreen))
    shelf = pilot.app.screen
    assert isinstance(shelf, ShelfScreen)
    await pilot.pause()
    names = [str(option.prompt) for option in shelf.query_one(OptionList).options]
    shelf.query_one(OptionList).highlighted = names.index("cup")
    await until(pilot, lambda: "cup" in shelf.preview.session.text)
    return shelf


async def _variants(pilot: Pilot[None], count: int) -> VariantsScreen:
    await pilot.press("ctrl+g")
    await until(pilot, lambda: isinstance(pilot.app.screen, VariantsScreen))
    screen = pilot.app.screen
    assert isinstance(screen, VariantsScreen)
    await until(pilot, lambda: len(screen.cells) == count)
    return screen


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "cup.json.j2").write_text(TEMPLATE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _drive(story: Story, folder: Path, size: tuple[int, int] = (120, 40)) -> Session:
    app = drive(story, folder / "state", size=size)
    return app.session


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (250, 70)])
def test_list_layout_and_variables_are_whole_on_every_terminal(
    folder: Path, size: tuple[int, int]
) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        shelf = await _shelf(pilot)
        panes = [shelf.query_one(name) for name in ("#shelf", "#shelf-preview", "#shelf-form")]
        for pane in panes:
            assert shelf.region.contains_region(pane.region), pane
            assert pane.region.width >= 24, pane
            assert pane.region.height >= 8, pane
        assert not any(
            one.region.overlaps(other.region)
            for one in panes
            for other in panes
            if one is not other
        )
        grid = await _variants(pilot, 6)
        assert all(cell.region.right <= size[0] for cell in grid.cells)
        assert all(cell.area.height > 3 for cell in grid.cells)

    _drive(story, folder, size)


def test_choices_are_gone_through_by_keys_and_stay_when_others_are_drawn(folder: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        shelf = await _shelf(pilot)
        await pilot.press("enter", "C", "O", "F", "F", "E", "E", "enter")
        await pilot.press("down", "down", "down", "up", "up")
        await until(pilot, lambda: "A green cup" in shelf.preview.session.text)
        seen = set()
        for _ in range(12):
            await pilot.press("ctrl+r")
            await pilot.pause()
            assert "A green cup" in shelf.preview.session.text
            seen.add('"bbox": [300, 300, 900' in shelf.preview.session.text)
        assert seen == {False, True}
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, ComposeScreen))

    session = _drive(story, folder)
    assert elements(session)[1]["text"] == "COFFEE"
    assert session.dirty
    assert session.size == (256, 256)


def test_variants_are_seen_before_they_are_written_with_a_manifest(folder: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await _shelf(pilot)
        grid = await _variants(pilot, 6)
        # Every colour in both sizes: a matrix instead of a draw.
        modes = grid.query_one("#modes", OptionList)
        modes.focus()
        await pilot.pause()
        await pilot.press("home", "space", "down", "space")
        await until(pilot, lambda: [str(cell.border_title) for cell in grid.cells][-1:] == ["6"])
        await until(
            pilot, lambda: {cell.variant.values["big"] for cell in grid.cells} == {False, True}
        )
        assert not list(folder.glob("*.json"))
        grid.query_one("#folder", Input).value = "out"
        await pilot.press("ctrl+s")
        await until(pilot, (folder / "out" / "manifest.jsonl").exists)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChoiceScreen))
        await pilot.press("c")

    _drive(story, folder)
    rows = [
        json.loads(line) for line in (folder / "out" / "manifest.jsonl").read_text().splitlines()
    ]
    made = {(row["values"]["color"], row["values"]["big"]) for row in rows}
    assert made == {(color, big) for color in ("red", "green", "blue") for big in (False, True)}
    for row in rows:
        assert not lint((folder / "out" / row["file"]).read_text())


def test_a_variant_is_taken_from_the_grid_into_the_editor(folder: Path) -> None:
    taken: list[str] = []

    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await _shelf(pilot)
        grid = await _variants(pilot, 6)
        grid.query_one("#draw", Input).value = "9"
        await until(pilot, lambda: len(grid.cells) == 9)
        before = grid.cells
        await pilot.press("ctrl+r")
        await until(pilot, lambda: grid.query_one("#seed", Input).value == "1")
        await until(pilot, lambda: grid.cells is not before)
        await pilot.pause()
        await pilot.press("enter", "right", "down", "up")
        await pilot.pause()
        cell = grid.focused
        assert cell is grid.cells[1]
        taken.append(grid.cells[1].variant.prompt)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ComposeScreen))

    assert json.loads(_drive(story, folder).text) == json.loads(taken[0])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("draw", "0"),
        ("draw", "99999"),
        ("draw", "9" * 5000),
        ("seed", "x"),
        ("table", "nobody.csv"),
        ("table", "~qqq/rows.csv"),
    ],
)
def test_what_makes_no_variants_is_told(folder: Path, field: str, value: str) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await _shelf(pilot)
        grid = await _variants(pilot, 6)
        note = grid.query_one("#variants-note")
        before = str(note.render())
        grid.query_one(f"#{field}", Input).value = value
        await until(pilot, lambda: str(note.render()) != before)
        assert value.removeprefix("9999") in str(note.render())

    _drive(story, folder)


def test_a_table_gives_a_variant_a_row(folder: Path) -> None:
    (folder / "rows.csv").write_text("words,color\nMILK,red\nRUM,blue\n")

    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await _shelf(pilot)
        grid = await _variants(pilot, 6)
        grid.query_one("#table", Input).value = "rows.csv"
        grid.query_one("#draw", Input).value = "1"
        await until(pilot, lambda: len(grid.cells) == 2)
        assert [cell.variant.values["words"] for cell in grid.cells] == ["MILK", "RUM"]

    _drive(story, folder)
