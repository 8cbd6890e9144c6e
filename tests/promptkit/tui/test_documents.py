"""Files: opening, saving elsewhere, recent ones, and what others do to them meanwhile."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

pytest.importorskip("textual")

from textual import events
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from promptkit.session import Session, new_session, open_session
from promptkit.session.recovery import Recovery, keep, orphans, recent
from promptkit.tui import app as app_module
from promptkit.tui.app import ComposeApp
from promptkit.tui.screens import choice
from promptkit.tui.screens.choice import ChoiceScreen
from promptkit.tui.screens.compose import ComposeScreen
from promptkit.tui.screens.files import FileScreen
from promptkit.tui.screens.report import ReportScreen
from tests.promptkit.tui.driving import CAPTION, drive, elements, until

OTHER = CAPTION.replace("red kite", "green kite")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "kites.json").write_text(CAPTION)
    (tmp_path / "other.json").write_text(OTHER)
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def _asked(pilot: Pilot[None], kind: type = ChoiceScreen) -> None:
    """Until a dialog has come that takes keys."""
    await until(
        pilot, lambda: isinstance(pilot.app.screen, kind) and pilot.app.screen.focused is not None
    )


def test_a_file_is_opened_by_its_beginning(folder: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("ctrl+o")
        await _asked(pilot, FileScreen)
        await pilot.press("o", "t", "tab")
        assert pilot.app.screen.query_one(Input).value == "other.json"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ComposeScreen))

    app = drive(story, folder / "state", session=open_session(folder / "kites.json"))
    assert app.session.text == OTHER
    assert app.session.path == folder / "other.json"


def test_recent_files_come_first(folder: Path) -> None:
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "far.json").write_text(OTHER)

    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        pilot.app.show(open_session(elsewhere / "far.json"))  # type: ignore[attr-defined]
        await pilot.pause()
        assert recent(folder / "state")[0] == elsewhere / "far.json"
        await pilot.press("ctrl+o")
        await _asked(pilot, FileScreen)
        files = pilot.app.screen.query_one(OptionList)
        assert "far.json  recent" in str(files.options[0].prompt)
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ComposeScreen))

    assert drive(story, folder / "state").session.path == elsewhere / "far.json"


def test_saving_as_never_takes_the_place_of_another_file_unasked(folder: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n", "right", "f12")
        await _asked(pilot, FileScreen)
        pilot.app.screen.query_one(Input).value = "other.json"
        await pilot.press("enter")
        await _asked(pilot)
        await pilot.press("c")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert (folder / "other.json").read_text() == OTHER
        await pilot.press("f12")
        await _asked(pilot, FileScreen)
        pilot.app.screen.query_one(Input).value = "new.json"
        await pilot.press("enter")
        await until(pilot, lambda: not session.dirty)

    app = drive(story, folder / "state", session=open_session(folder / "kites.json"))
    assert (folder / "new.json").read_text() == app.session.text
    assert (folder / "kites.json").read_text() == CAPTION


def test_anothers_change_is_taken_over_and_undone(folder: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        (folder / "kites.json").write_text(OTHER)
        await _asked(pilot)
        await pilot.press("r")
        await until(pilot, lambda: session.text == OTHER)
        await until(pilot, lambda: pilot.app.screen is screen)
        assert not session.dirty
        await pilot.press("ctrl+z")
        assert session.text == CAPTION

    drive(story, folder / "state", session=open_session(folder / "kites.json"))


def test_an_answer_counts_however_late_it_comes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app_module, "WATCH_SECONDS", 0.05)

    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        (folder / "kites.json").write_text(OTHER)
        await _asked(pilot)
        await pilot.pause(0.5)
        await pilot.press("r")
        await until(pilot, lambda: session.text == OTHER)

    drive(story, folder / "state", session=open_session(folder / "kites.json"))


def test_what_cannot_be_overwritten_is_told(folder: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n", "right", "f12")
        await _asked(pilot, FileScreen)
        pilot.app.screen.query_one(Input).value = "other.json"
        await pilot.press("enter")
        await _asked(pilot)
        (folder / "other.json").unlink()
        (folder / "other.json").mkdir()
        await pilot.press("o")
        await until(pilot, lambda: pilot.app.screen is screen and bool(pilot.app._notifications))
        assert session.dirty

    drive(story, folder / "state", session=open_session(folder / "kites.json"))


def test_a_home_that_nobody_has_is_a_folder_like_any_other(folder: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("ctrl+o")
        await _asked(pilot, FileScreen)
        await pilot.press("tilde", "q", "q", "q", "slash")
        assert pilot.app.screen.query_one(OptionList).option_count == 0
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)

    drive(story, folder / "state")


@pytest.mark.parametrize(("size", "is_kept"), [("1024x1024", False), ("no size", True)])
def test_what_was_recovered_is_asked_for_and_what_cannot_be_is_kept(
    tmp_path: Path, size: str, is_kept: bool
) -> None:
    gone = 2**22 + 1  # more than any process number
    keep(Recovery(None, "", OTHER, size, gone), tmp_path)
    (tmp_path / "greeted").touch()
    app = ComposeApp(new_session(), tmp_path)

    async def story() -> None:
        async with app.run_test() as pilot:
            await _asked(pilot)
            await pilot.press("r")
            await until(pilot, lambda: isinstance(app.screen, ComposeScreen))
            await until(pilot, lambda: bool(app._notifications) is is_kept)
            # On the disk all the time: under the old name, or by now under this process's.
            assert bool(orphans(tmp_path)) is is_kept
            assert len(list((tmp_path / "recovery").glob("*.json"))) == 1
            if not is_kept:
                assert app.session.text == OTHER
                await pilot.press("ctrl+q")
                await _asked(pilot)

    asyncio.run(story())


def test_keys_that_were_meant_for_something_else_throw_nothing_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice, "UNASKED_SECONDS", 2.0)
    gone = 2**22 + 1  # more than any process number
    keep(Recovery(None, "", OTHER, "1024x1024", gone), tmp_path)
    (tmp_path / "greeted").touch()
    app = ComposeApp(new_session(), tmp_path)

    async def story() -> None:
        async with app.run_test() as pilot:
            await until(pilot, lambda: isinstance(app.screen, ChoiceScreen))
            for key in ("d", "enter", "escape"):
                app.post_message(events.Key(key, key if len(key) == 1 else None))
            await pilot.pause()
            await until(pilot, lambda: not app._held and not app._is_busy)
            assert isinstance(app.screen, ChoiceScreen)
            assert orphans(tmp_path)
            await _asked(pilot)
            await pilot.press("d")
            await until(pilot, lambda: not orphans(tmp_path))

    asyncio.run(story())


def test_leaving_with_unsaved_changes_asks(folder: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n", "right", "ctrl+n")
        await _asked(pilot)
        await pilot.press("c")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert session.dirty
        await pilot.press("ctrl+q")
        await _asked(pilot)
        await pilot.press("s")
        await until(pilot, lambda: pilot.app.return_code == 0)

    app = drive(story, folder / "state", session=open_session(folder / "kites.json"))
    assert json.loads((folder / "kites.json").read_text()) == json.loads(app.session.text)
    assert app.is_left
    assert not list((folder / "state" / "recovery").glob("*.json"))


FENCED = """Here it is:
```json
{"high_level_description": "A cup.", "compositional_deconstruction": {"background": "A wall.",
 "elements": [{"type": "obj", "bbox": [10, 20, 300, 400], "desc": "A cup."}]}}
```"""
PIXELS = """{"width": 512, "height": 1024, "high_level_description": "A cup.",
 "compositional_deconstruction": {"background": "A wall.", "elements": [
 {"type": "text", "bbox": {"x": 128, "y": 256, "w": 256, "h": 256}, "text": "TEA",
  "desc": "White."}]}}"""
TWICE = json.dumps(json.dumps(json.loads(FENCED.split("json")[1].strip("`\n"))))


@pytest.mark.parametrize(
    ("pasted", "box"),
    [(FENCED, [10, 20, 300, 400]), (PIXELS, [250, 250, 500, 750]), (TWICE, [10, 20, 300, 400])],
)
@pytest.mark.parametrize("keys", [["escape"], ["n", "enter"], ["f4"]])
def test_a_whole_caption_is_pasted_wherever_the_cursor_is(
    tmp_path: Path, pasted: str, box: list[int], keys: list[str]
) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press(*keys)
        await pilot.pause()
        pilot.app.post_message(events.Paste(pasted))
        await _asked(pilot, ReportScreen)
        await pilot.press("escape")
        assert [each["bbox"] for each in elements(session)] == [box]
        await pilot.press("ctrl+z")
        assert session.text == CAPTION

    drive(story, tmp_path)


def test_leaving_is_asked_about_once_however_often_its_key_is_pressed(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        session.replace_text(OTHER, "other kite")
        for _ in range(3):
            pilot.app.post_message(events.Key("ctrl+q", None))
        await until(pilot, lambda: isinstance(pilot.app.screen, ChoiceScreen))
        await pilot.pause(0.2)
        asked = [each for each in pilot.app.screen_stack if isinstance(each, ChoiceScreen)]
        assert len(asked) == 1
        await pilot.press("c")
        assert pilot.app.screen is screen

    drive(story, tmp_path)
