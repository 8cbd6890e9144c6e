"""The line of keys: never wider than the terminal, never without help, never a letter of a text."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("textual")

from textual.pilot import Pilot

from promptkit.session import Session
from promptkit.tui.screens.compose import ComposeScreen
from promptkit.tui.widgets.keyline import KeyLine
from tests.promptkit.tui.driving import drive, until


def _signs(pilot: Pilot[None], width: int) -> list[str]:
    keys = pilot.app.screen.query_one(KeyLine).keys
    assert sum(key.width for key in keys) <= width
    assert "Help" in [key.about for key in keys]
    return [key.sign for key in keys]


@pytest.mark.parametrize("width", [80, 120, 40])
def test_the_keys_fit_wherever_the_focus_is(tmp_path: Path, width: int) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        for key in ("n", "enter", "escape", "f3", "f4", "escape"):
            await pilot.press(key)
            await pilot.pause()
            _signs(pilot, width)
        for key in ("ctrl+t", "ctrl+b", "ctrl+r"):
            await pilot.press(key)
            await until(pilot, lambda: pilot.app.screen is not screen)
            await until(pilot, lambda: bool(pilot.app.screen.query_one(KeyLine).keys))
            _signs(pilot, width)
            await pilot.press("escape")
            await until(pilot, lambda: pilot.app.screen is screen)

    drive(story, tmp_path, size=(width, 24))


def test_what_would_be_typed_is_no_key(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        assert {"?", "a"} <= set(_signs(pilot, 120))
        await pilot.press("n", "enter")
        await until(pilot, lambda: "?" not in _signs(pilot, 120))
        assert {"f1", "esc"} <= set(_signs(pilot, 120))

    drive(story, tmp_path)


def test_a_click_on_a_key_presses_it(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.click(KeyLine, offset=(2, 0))
        await until(pilot, lambda: session.count == 4)

    drive(story, tmp_path)
