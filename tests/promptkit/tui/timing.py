"""What keys cost: CPU time from the press until the screen has been repainted and is at rest."""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections.abc import Iterable
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from textual import events
from textual.drivers.headless_driver import HeadlessDriver

from promptkit.session import Session
from promptkit.tui.app import SETTLE_SECONDS, ComposeApp
from promptkit.tui.screens.compose import ComposeScreen

KINDS: Final = {
    "select": ["n"] * 40,
    "nudge": ["right", "down", "left", "up"] * 10,
    "type": list("cobalt glaze, three chips along the rim "),
    "walk": ["down"] * 20 + ["up"] * 20,
    "tab": ["tab"] * 20 + ["shift+tab"] * 20,
}
"""Forty presses of each kind: in the layout, in a field, in the outline, from pane to pane."""
_SLICE: Final = 0.02
_AT_REST: Final = 0.001


class Memory(HeadlessDriver):
    """A terminal that takes what is painted, which a headless one does not: that is work too."""

    painted = 0
    """Characters."""

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        Memory.painted += len(data)


def sixty() -> Session:
    """A caption of sixty elements."""
    words = "A small ceramic bowl with a cobalt rim, seen from above on the oak table"
    elements = [
        {
            "type": "obj",
            "bbox": [row * 110, column * 120, row * 110 + 100, column * 120 + 110],
            "desc": f"{words}, number {row * 8 + column}.",
            "color_palette": ["#AA3311", "#112233"],
        }
        for row in range(8)
        for column in range(8)
    ][:60]
    caption = {
        "high_level_description": "A table with sixty bowls.",
        "compositional_deconstruction": {"background": "An oak table.", "elements": elements},
    }
    return Session(json.dumps(caption, indent=2))


def key_times(size: tuple[int, int], kinds: Iterable[str], state: Path) -> dict[str, list[float]]:
    """CPU seconds of every press with sixty elements, sorted, by kind.

    Raises:
        AssertionError: if a press was not answered: nothing repainted, or findings out of date.
    """
    session = sixty()
    own = Path(mkdtemp(dir=state))  # nothing of an earlier round is to be recovered
    (own / "greeted").touch()
    app = ComposeApp(session, own)
    app.driver_class = Memory
    found: dict[str, list[float]] = {}

    async def run() -> None:
        async with app.run_test(size=size, headless=False) as pilot:
            await asyncio.sleep(SETTLE_SECONDS + 0.5)
            screen = app.screen
            assert isinstance(screen, ComposeScreen)
            for kind in kinds:
                await _ready(screen, kind)
                await pilot.pause(0.5)
                found[kind] = sorted([await _press(app, session, key) for key in KINDS[kind]])

    asyncio.run(run())
    return found


def percentile(times: list[float], share: float) -> float:
    """Of sorted times."""
    return times[min(int(len(times) * share), len(times) - 1)]


def median(times: Iterable[float]) -> float:
    """Of times in any order."""
    return statistics.median(times)


async def _ready(screen: ComposeScreen, kind: str) -> None:
    screen.session.select(5)
    screen.sync()
    if kind == "type":
        screen.panes.show("inspector")
        screen.inspector.sync()
        screen.inspector.focus_field("desc")
    else:
        (screen.outline if kind == "walk" else screen.canvas).focus()


async def _press(app: ComposeApp, session: Session, key: str) -> float:
    """One press: as a terminal hands it over, and not as a pilot, which asks every widget back."""
    names = {" ": "space", ",": "comma"}
    character = key if len(key) == 1 else None
    before = Memory.painted
    start = time.process_time()
    app.post_message(events.Key(names.get(key, key), character))
    quiet = 0
    while quiet < 2:
        begin = time.process_time()
        await asyncio.sleep(_SLICE)
        quiet = quiet + 1 if time.process_time() - begin < _AT_REST else 0
    seconds = time.process_time() - start
    assert Memory.painted > before, f"{key} has painted nothing"
    assert session.checked == session.revision, f"the findings after {key} are not up to date"
    return seconds
