"""Drive the terminal UI in a test: a story is a coroutine that gets a pilot."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from promptkit.session import Session
from promptkit.tui.app import ComposeApp
from promptkit.tui.orders import Place
from promptkit.tui.screens.compose import ComposeScreen

CAPTION = """{
  "high_level_description": "A poster for a kite festival on a beach.",
  "style_description": {
    "aesthetics": "fresh, airy",
    "lighting": "clear morning sun",
    "photo": "35mm lens, low viewpoint",
    "medium": "photograph",
    "color_palette": ["#E8D8B0", "#3E7C98"]
  },
  "compositional_deconstruction": {
    "background": "A wide sandy beach under a pale blue sky, wet sand as the ground.",
    "elements": [
      {"type": "obj", "bbox": [100, 100, 400, 400], "desc": "A red kite with a long tail.", "color_palette": ["#C8452F"]},
      {"type": "obj", "bbox": [500, 500, 900, 800], "desc": "A child in a yellow raincoat.", "color_palette": ["#F4B400"]},
      {"type": "text", "bbox": [50, 450, 200, 950], "text": "KITE DAY", "desc": "Large white letters."}
    ]
  }
}
"""

NOWHERE = Place(server="unix:/nowhere.sock")
"""No generator: a form for pictures starts none that nobody needs."""

Story = Callable[[Pilot[None], ComposeScreen, Session], Awaitable[None]]


def drive(
    story: Story,
    state: Path,
    *,
    session: Session | None = None,
    size: tuple[int, int] = (120, 40),
) -> ComposeApp:
    """Run a story; gives the application as it was left."""
    state.mkdir(parents=True, exist_ok=True)
    (state / "greeted").touch()
    opened = session or Session(CAPTION)
    app = ComposeApp(opened, state, NOWHERE)

    async def run() -> None:
        async with app.run_test(size=size, notifications=True) as pilot:
            await pilot.pause()
            screen = app.screen
            assert isinstance(screen, ComposeScreen)
            await until(pilot, lambda: screen.is_complete)
            await story(pilot, screen, opened)
            await pilot.pause()

    asyncio.run(run())
    return app


async def until(pilot: Pilot[None], condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something that another thread or process does."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while not condition():
        assert loop.time() < end, "it did not happen in time"
        await pilot.pause(0.02)


def elements(session: Session) -> list[dict[str, Any]]:
    """The elements as the text has them."""
    data: Any = json.loads(session.text)
    found: list[dict[str, Any]] = data["compositional_deconstruction"]["elements"]
    return found
