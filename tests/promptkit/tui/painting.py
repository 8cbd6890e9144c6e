"""A terminal in memory, and the CPU time that goes by until an application has painted on it.

``python tests/promptkit/tui/painting.py`` is an empty application, for comparison.
"""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from textual import events
from textual.driver import Driver
from textual.geometry import Size

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "samples" / "tea-house-at-night.json"
EMPTY = (str(Path(__file__)),)
COMPOSE = ("-m", "promptkit", "compose", str(SAMPLE))
_SEEN = {EMPTY: "nothing", COMPOSE: "Outline|Layout|A narr"}
"""Words that all have to stand on the screen."""
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


class PaintDriver(Driver):
    """Takes everything in, and ends the process once the words of ``PAINTED`` have been written.

    It then prints the CPU seconds since the very start of the interpreter.
    """

    def start_application_mode(self) -> None:
        """Tell the application its size, as a terminal does."""
        self._written = ""
        size = Size(int(os.environ["COLUMNS"]), int(os.environ["LINES"]))
        resized = events.Resize(size, size)
        asyncio.get_running_loop().call_soon(self._app.post_message, resized)

    def write(self, data: str) -> None:
        """Take output in."""
        seconds = time.process_time()
        self._written += _CONTROL.sub("", data)
        if all(word in self._written for word in os.environ["PAINTED"].split("|")):
            os.write(1, f"{seconds}\n".encode())
            os._exit(0)

    def disable_input(self) -> None:
        """There is none."""

    def stop_application_mode(self) -> None:
        """There is nothing to restore."""


def seconds_to_paint(arguments: Sequence[str], folder: Path, size: tuple[int, int]) -> float:
    """CPU seconds of a whole process until it has painted: ``EMPTY`` or ``COMPOSE``.

    ``folder`` keeps the state of the editor and compiled modules, as an installed package has them;
    the first run writes those.
    """
    (folder / "promptkit").mkdir(parents=True, exist_ok=True)
    (folder / "promptkit" / "greeted").touch()
    columns, lines = size
    environment = {
        **os.environ,
        "PAINTED": _SEEN[tuple(arguments)],
        "TEXTUAL_DRIVER": "tests.promptkit.tui.painting:PaintDriver",
        "COLUMNS": str(columns), "LINES": str(lines),
        "TERM": "xterm-256color", "COLORTERM": "truecolor",
        "PYTHONPATH": str(ROOT),
        "PYTHONPYCACHEPREFIX": str(folder / "pyc"), "PYTHONDONTWRITEBYTECODE": "",
        "XDG_STATE_HOME": str(folder),
    }  # fmt: skip
    run = subprocess.run(
        [sys.executable, *arguments],
        env=environment, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    return float(run.stdout)


def pairs(folder: Path, size: tuple[int, int], count: int) -> list[tuple[float, float]]:
    """An empty application's seconds and ours, measured in turns after one run of each."""
    works = (EMPTY, COMPOSE)
    for work in works:
        seconds_to_paint(work, folder, size)
    return [
        (seconds_to_paint(EMPTY, folder, size), seconds_to_paint(COMPOSE, folder, size))
        for _ in range(count)
    ]


if __name__ == "__main__":
    from textual.app import App, ComposeResult
    from textual.widgets import Static

    class Empty(App[None]):
        """The least that paints."""

        def compose(self) -> ComposeResult:
            yield Static("nothing")

    Empty().run()
