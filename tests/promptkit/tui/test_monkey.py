"""A monkey at the keyboard and the mouse: no traceback, a whole text, and undo to the start.

``MONKEY_SECONDS=300 pytest tests/promptkit/tui/test_monkey.py`` lets it play for long.
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

pytest.importorskip("textual")

from textual.pilot import OutOfBounds, Pilot

from promptkit.document import read
from promptkit.session import Session
from promptkit.tui.screens.compose import ComposeScreen
from tests.promptkit.tui.driving import CAPTION, drive

KEYS = [
    *"natdxbsog[]{}mAHJKLhjklpeFf,. ?{}\"1:q",
    "left", "right", "up", "down", "shift+left", "ctrl+right", "alt+left", "alt+right", "alt+up",
    "enter", "escape", "tab", "shift+tab", "backspace", "delete", "home", "end", "pagedown",
    "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "ctrl+z", "ctrl+y", "ctrl+n",
    "ctrl+t", "ctrl+b", "ctrl+p", "escape", "escape",
]  # fmt: skip
SECONDS = float(os.environ.get("MONKEY_SECONDS", "4"))


@pytest.mark.parametrize("seed", range(2))
def test_a_monkey_breaks_nothing(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rng = random.Random(seed)  # noqa: S311
    begun: dict[int, tuple[Session, str]] = {}
    begin = Session.__post_init__

    def note_down(session: Session) -> None:
        begin(session)
        begun[id(session)] = session, session.text

    monkeypatch.setattr(Session, "__post_init__", note_down)

    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        app = pilot.app
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            if rng.random() < 0.2:
                place = rng.randrange(120), rng.randrange(40)
                try:
                    await rng.choice([pilot.click, pilot.mouse_down, pilot.hover, pilot.mouse_up])(  # type: ignore[operator]
                        offset=place
                    )
                except OutOfBounds:
                    continue
            else:
                await pilot.press(rng.choice(KEYS))
            current: Session = app.session  # type: ignore[attr-defined]
            found = current.check()
            assert read(current.text).captions or found or not current.text
        while not isinstance(app.screen, ComposeScreen):
            await pilot.press("escape")
        current = app.session  # type: ignore[attr-defined]
        while current.undo():
            pass
        assert current.text == begun[id(current)][1]

    app = drive(story, tmp_path / "state", session=Session(CAPTION))
    assert app.return_code in (0, None)
