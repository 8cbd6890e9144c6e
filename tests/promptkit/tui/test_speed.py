"""How long a key press takes with sixty elements, that the screen rests, how soon it is there.

Times are of the processor, so that a busy machine does not fail them. The promises are 50 ms for
nineteen of twenty presses, 1 % of a core at rest, and a first paint within 1.5 times an empty
application's; ``python tests/benchmarks/bench_tui.py`` prints the figures.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("textual")

from textual.pilot import Pilot

from promptkit.session import Session
from promptkit.tui.app import SETTLE_SECONDS
from promptkit.tui.messages import Edited
from promptkit.tui.screens.compose import ComposeScreen
from tests.promptkit.tui.driving import drive
from tests.promptkit.tui.painting import pairs
from tests.promptkit.tui.timing import key_times, median, percentile, sixty

BLINK = 0.050
AT_REST = 0.01
SLOWER = 1.5
"""Half as slow again may a machine be: nineteen of twenty took 20 to 45 ms where the promise was
measured."""
ROUNDS = 5
"""Who shares the machine can spoil a round, even of CPU time: the caches are shared too."""


def _best(measure: Callable[[], float], good: float) -> float:
    """The first round that is good enough, or the best of all."""
    found: list[float] = []
    for _ in range(ROUNDS):
        found.append(measure())
        if found[-1] < good:
            break
    return min(found)


@pytest.mark.parametrize("kind", ["select", "nudge", "type", "tab"])
@pytest.mark.parametrize("size", [(120, 40), (200, 60)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_key_press_is_answered_within_a_blink(
    tmp_path: Path, size: tuple[int, int], kind: str
) -> None:
    def p95() -> float:
        return percentile(key_times(size, [kind], tmp_path)[kind], 0.95)

    assert _best(p95, BLINK * SLOWER) < BLINK * SLOWER


def test_it_rests_while_nobody_types(tmp_path: Path) -> None:
    shares: list[float] = []

    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n", "right")
        await pilot.pause(SETTLE_SECONDS + 1)
        for _ in range(ROUNDS):
            start, clock = time.process_time(), time.monotonic()
            await asyncio.sleep(3)
            shares.append((time.process_time() - start) / (time.monotonic() - clock))
            if shares[-1] < AT_REST:
                return

    drive(story, tmp_path, session=sixty())
    assert min(shares) < AT_REST


def test_of_thousands_of_findings_only_some_are_listed(tmp_path: Path) -> None:
    # A list of all of them takes seconds to lay out, and no key is answered meanwhile.
    elements = ",".join(['{"type":"text","bbox":[0,0,10,10],"text":"a","desc":"b"}'] * 300)
    text = '{"compositional_deconstruction":{"elements":[' + elements + "]}}"

    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        session.replace_text(text, "many")
        screen.post_message(Edited())
        await pilot.pause()
        assert len(session.findings) > 1_000
        assert screen.findings.option_count == screen.findings.most
        await pilot.press("f7")
        assert screen.findings.highlighted == screen.findings.most - 1
        await pilot.press("f8")
        assert screen.findings.highlighted == 0

    drive(story, tmp_path)


def test_the_first_paint_comes_nearly_as_soon_as_an_empty_applications(tmp_path: Path) -> None:
    def ratio() -> float:
        return median(ours / empty for empty, ours in pairs(tmp_path, (120, 40), 5))

    assert _best(ratio, 1.5) < 1.5
