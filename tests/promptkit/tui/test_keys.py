"""Keys that come at once: one after the other, each for what the one before has brought."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

pytest.importorskip("textual")

from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from promptkit.session import Session
from promptkit.tui.app import ComposeApp
from promptkit.tui.screens.compose import ComposeScreen
from promptkit.tui.studio import Studio
from promptkit.tui.widgets.canvas import Canvas
from promptkit.tui.widgets.field import Field
from tests.promptkit.tui.driving import CAPTION, NOWHERE, drive, elements, until


def _burst(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))


@pytest.mark.parametrize("under", [False, True])
@pytest.mark.parametrize(
    ("opening", "burst"),
    [
        ("m", "l l"),
        ("m", "enter enter"),
        ("m", "escape escape"),
        ("m", "l escape"),
        ("f1", "escape q q"),
        ("f6", "o o"),
        ("f10", "enter enter"),
        ("f12", "escape escape"),
        ("f12", "enter enter"),
        ("f9", "enter y"),
        ("ctrl+t", "escape escape escape"),
        ("ctrl+b", "escape escape"),
        ("ctrl+r", "escape escape"),
    ],
)
def test_keys_that_come_before_a_dialog_is_gone_take_nothing_else_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opening: str, burst: str, *, under: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    text = CAPTION.replace("#C8452F", "#c8452f") if opening == "f9" else CAPTION

    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        if under:
            # There is another screen below that could go by mistake.
            screen.app.show(Session(text))  # type: ignore[attr-defined]
            await until(pilot, lambda: pilot.app.screen is not screen)
        shown = pilot.app.screen
        assert isinstance(shown, ComposeScreen)
        await until(pilot, lambda: shown.is_complete)
        await pilot.press("n", *(["f8", "f3", "f3"] if opening == "f9" else []), opening)
        await until(pilot, lambda: pilot.app.screen is not shown)
        await pilot.pause()
        _burst(pilot, *burst.split())
        await until(pilot, lambda: isinstance(pilot.app.screen, ComposeScreen))
        await pilot.pause()
        assert len(pilot.app.screen_stack) >= 1 + under
        assert pilot.app.is_running

    drive(story, tmp_path / "state", session=Session(text))


@pytest.mark.parametrize(
    "burst",
    ["m x", "ctrl+o x", "ctrl+t x", "ctrl+t ctrl+t", "ctrl+b x", "ctrl+r x",
     "f10 x", "f12 x", "f1 x"],
)  # fmt: skip
def test_keys_behind_one_that_opens_a_dialog_are_for_the_dialog(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, burst: str
) -> None:
    monkeypatch.chdir(tmp_path)

    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n")
        before = session.text
        _burst(pilot, *burst.split())
        await until(pilot, lambda: pilot.app.screen is not screen)
        await pilot.pause()
        assert session.text == before
        assert len(pilot.app.screen_stack) == 2
        line = pilot.app.screen.focused
        if isinstance(line, Input) and burst.endswith(" x"):
            await until(pilot, lambda: "x" in line.value)  # nor is it lost

    drive(story, tmp_path / "state")


def test_keys_answer_both_questions_that_one_key_brings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Studio, "pending", 2)

    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        app = pilot.app
        assert isinstance(app, ComposeApp)
        app._studio = Studio(NOWHERE, app.post_message)
        await pilot.press("n", "enter", "x")
        assert session.unsaved
        before = session.text
        _burst(pilot, "ctrl+q", "q", "d")
        await until(pilot, lambda: app.is_left)
        assert session.text == before

    drive(story, tmp_path / "state")


@pytest.mark.parametrize("opening", ["f3", "f5"])
def test_keys_behind_one_that_brings_a_pane_are_for_the_pane(tmp_path: Path, opening: str) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n")
        before = len(elements(session))
        _burst(pilot, opening, opening, "x")  # hidden, brought
        app = pilot.app
        assert isinstance(app, ComposeApp)
        await until(pilot, lambda: not app._held and not app._is_busy)
        await pilot.pause()
        assert not isinstance(screen.focused, Canvas)
        assert len(elements(session)) == before  # the layout would have removed one

    drive(story, tmp_path / "state")


def test_a_click_comes_behind_the_letters_that_were_typed_before_it(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n", "enter")
        fields = {field.spec.key: field.area for field in screen.inspector.query(Field)}
        await until(pilot, lambda: screen.focused is fields["desc"])
        await pilot.pause()
        x, y = fields["text"].region.offset
        before = fields["desc"].text
        _burst(pilot, *"abcdefghij")
        for kind in (events.MouseDown, events.MouseUp):
            click = kind(None, x + 1, y, 0, 0, 1, shift=False, meta=False, ctrl=False)
            pilot.app.post_message(click)
        await until(pilot, lambda: screen.focused is fields["text"])
        await pilot.pause()
        assert fields["desc"].text == before + "abcdefghij"

    drive(story, tmp_path / "state")


def test_a_menu_is_answered_in_one_burst_with_its_key(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n")
        _, left, _, right = elements(session)[0]["bbox"]
        _burst(pilot, *"ml")
        await until(pilot, lambda: elements(session)[0]["bbox"][1] != left)
        # Aligned: by itself, the key would have made it wider.
        assert elements(session)[0]["bbox"][3] - elements(session)[0]["bbox"][1] == right - left
        await until(pilot, lambda: pilot.app.screen is screen)

    drive(story, tmp_path / "state")


def test_what_is_typed_at_once_is_not_lost(tmp_path: Path) -> None:
    (tmp_path / "greeted").touch()
    session = Session(CAPTION)
    app = ComposeApp(session, tmp_path, NOWHERE)

    async def run() -> None:
        async with app.run_test(size=(120, 40)) as pilot:
            # The form for the words is not made yet.
            _burst(pilot, "t", *"OPEN", "escape", "n")
            await until(pilot, lambda: len(elements(session)) == 4)
            await until(pilot, lambda: elements(session)[3]["text"] == "OPEN")

    asyncio.run(run())
