"""How long a key press takes with sixty elements, and that the screen rests when nobody types.

Times are of the processor, so that a busy machine does not fail them; the limits are the promise
(50 ms, 1 %) with room for slower machines. ``-s`` shows the figures.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("textual")

from textual.pilot import Pilot

from promptkit.session import Session
from promptkit.tui.screens.compose import ComposeScreen
from tests.promptkit.tui.driving import drive

ROOM = 5
"""How much slower than promised a machine may be before the test says so."""


def _sixty() -> Session:
    words = "A small ceramic bowl with a cobalt rim, seen from above on the oak table"
    elements = [
        {
            "type": "obj",
            "bbox": [
                place // 8 * 110,
                place % 8 * 120,
                place // 8 * 110 + 100,
                place % 8 * 120 + 110,
            ],
            "desc": f"{words}, number {place}.",
            "color_palette": ["#AA3311", "#112233"],
        }
        for place in range(60)
    ]
    caption = {
        "high_level_description": "A table with sixty bowls.",
        "compositional_deconstruction": {"background": "An oak table.", "elements": elements},
    }
    return Session(json.dumps(caption, indent=2))


@pytest.mark.parametrize("size", [(120, 40), (200, 60)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_key_press_is_answered_within_a_blink(tmp_path: Path, size: tuple[int, int]) -> None:
    times: list[float] = []

    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.pause(0.5)
        await pilot.press("n")
        for key in ["right", "down", "n", "left"] * 10:
            start = time.process_time()
            await pilot.press(key)
            await pilot.pause()
            assert session.checked == session.revision
            times.append(time.process_time() - start)

    drive(story, tmp_path, session=_sixty(), size=size)
    times.sort()
    p95 = times[int(len(times) * 0.95)]
    print(f"{size}: median {times[len(times) // 2] * 1e3:.1f} ms, p95 {p95 * 1e3:.1f} ms")  # noqa: T201
    assert p95 < 0.050 * ROOM


def test_it_rests_while_nobody_types(tmp_path: Path) -> None:
    shares: list[float] = []

    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n", "right")
        await pilot.pause(1.5)
        start, clock = time.process_time(), time.monotonic()
        await asyncio.sleep(2)
        shares.append((time.process_time() - start) / (time.monotonic() - clock))

    drive(story, tmp_path, session=_sixty())
    print(f"idle: {shares[0]:.2%} of a core")  # noqa: T201
    assert shares[0] < 0.01 * ROOM


FIRST_PAINT = """
import asyncio, sys, time
from pathlib import Path
started = time.process_time()
{make}
async def run():
    async with app.run_test(size=(120, 40)):
        while not {painted}:
            await asyncio.sleep(0)
        print(time.process_time() - started)
asyncio.run(run())
"""
EMPTY = "from textual.app import App\napp = App()"
OURS = """
from promptkit.session import open_session
from promptkit.tui.app import ComposeApp
app = ComposeApp(open_session(Path({sample!r})), Path({state!r}))
"""
PAINTED = "hasattr(app.screen, 'canvas') and app.screen.canvas._rows"


def test_the_first_paint_waits_for_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "greeted").touch()
    sample = Path(__file__).parents[3] / "samples" / "tea-house-at-night.json"
    ours = OURS.format(sample=str(sample), state=str(tmp_path))

    def seconds(make: str, painted: str) -> float:
        code = FIRST_PAINT.format(make=make, painted=painted)
        command = [sys.executable, "-c", code]
        runs = [
            subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
            for _ in range(3)
        ]
        return min(float(run.stdout) for run in runs)

    empty, full = seconds(EMPTY, "True"), seconds(ours, PAINTED)
    print(f"first paint: {full:.2f} s, an empty application's {empty:.2f} s")  # noqa: T201
    # Measured 0.6 s against 0.13 s; pydantic, Pillow and Jinja would add 0.4 s.
    assert full < 7 * empty
