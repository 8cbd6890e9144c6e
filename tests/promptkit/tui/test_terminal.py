"""The whole story in a real terminal, driven through tmux."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from promptkit.job import read_record
from promptkit.lint import Severity, lint

pytest.importorskip("textual")
pytest.importorskip("uvicorn")
pytest.importorskip("torch")
pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="there is no tmux here")

HERE = Path(__file__).resolve().parents[3]
PATIENCE = 60.0
"""Seconds that a busy machine may take for one step."""


class Terminal:
    """A tmux server of its own with one window."""

    def __init__(self, folder: Path, width: int = 120, height: int = 40) -> None:
        self._folder = folder
        self._socket = folder / "tmux"
        self._size = str(width), str(height)

    def start(self, *command: str) -> None:
        width, height = self._size
        line = f"{shlex.join(command)}; echo EXIT $?; exec cat"
        self._tmux("new-session", "-d", "-x", width, "-y", height, "-c", str(self._folder), line)

    def keys(self, *keys: str) -> None:
        for key in keys:
            self._tmux("send-keys", key)
            time.sleep(0.05)

    def type(self, text: str) -> None:
        self._tmux("send-keys", "-l", text)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """With the left button held down, in cells from 1, as a terminal reports it."""
        for code, (column, row), last in ((0, start, "M"), (32, end, "M"), (0, end, "m")):
            self.type(f"\x1b[<{code};{column};{row}{last}")
            time.sleep(0.2)

    def screen(self) -> str:
        return self._tmux("capture-pane", "-p")

    def wait(self, *words: str, gone: bool = False) -> str:
        """The screen, as soon as all of these words are on it, or none of them."""
        end = time.monotonic() + PATIENCE
        while True:
            screen = self.screen()
            if all((word in screen) is not gone for word in words):
                return screen
            assert time.monotonic() < end, f"{words} gone={gone} in:\n{screen}"
            time.sleep(0.1)

    def close(self) -> None:
        subprocess.run(
            ["tmux", "-S", self._socket, "kill-server"], check=False, capture_output=True
        )

    def _tmux(self, *arguments: str) -> str:
        run = subprocess.run(
            ["tmux", "-S", self._socket, *arguments],
            capture_output=True,
            text=True,
            check=True,
            env=_environment(self._folder),
        )
        return run.stdout


def _environment(folder: Path) -> dict[str, str]:
    return os.environ | {
        "PYTHONPATH": str(HERE),
        "XDG_STATE_HOME": str(folder / "state"),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
    }


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    opened = Terminal(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    address = tmp_path / "generator"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.quick_generator", "--socket", str(address)],
        cwd=HERE,
        env=_environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    process.stdout.readline()
    yield f"unix:{address}"
    process.terminate()
    process.wait(10)
    process.stdout.close()


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


COMPOSE = (sys.executable, "-m", "promptkit", "compose")


def test_from_a_template_to_a_picture_and_back(
    tmp_path: Path, terminal: Terminal, server: str
) -> None:
    terminal.start(*COMPOSE, "--server", server)
    terminal.wait("Outline", "new caption")
    # From a template, with a field of it filled in.
    terminal.keys("C-t")
    terminal.wait("product-hero")
    names = [
        line.split()[1] for line in terminal.screen().splitlines()[2:] if len(line.split()) > 1
    ]
    terminal.keys(*["Down"] * names.index("product-hero"))
    terminal.wait("Product hero shot")
    terminal.keys("Enter")
    time.sleep(1)
    terminal.type("Moka")
    terminal.wait("Moka")
    terminal.keys("C-s")
    terminal.wait("Layout", "Moka")
    # Draw a box with the mouse: its missing description is a finding at once.
    terminal.drag((37, 26), (50, 28))
    terminal.wait("●", "is empty")
    # Move it with the keys.
    before = terminal.screen()
    terminal.keys("Right", "Right", "S-Down")
    assert terminal.screen() != before
    # Mend it where it is wrong.
    terminal.keys("F8", "F6")
    time.sleep(0.5)
    terminal.keys("f")
    time.sleep(0.5)
    terminal.keys("Enter")
    time.sleep(1)
    terminal.type("A folded linen napkin beside the plinth, undyed, with a stitched hem.")
    terminal.wait("Findings · none", "stitched", "hem.")
    # Save.
    terminal.keys("C-s")
    terminal.wait("Save as")
    terminal.type("story.json")
    terminal.keys("Enter")
    terminal.wait("story.json", "saved")
    text = (tmp_path / "story.json").read_text(encoding="utf-8")
    assert "napkin" in text, text
    assert not [each for each in lint(text) if each.severity is Severity.ERROR]
    # Generate, see it, go back from the picture to the caption.
    terminal.keys("C-r")
    terminal.wait("Queue", "Seed")
    terminal.type("7")
    terminal.keys("Enter")
    terminal.wait("story.png", "s · seed 7", "▀")
    record = read_record(tmp_path / "story.png")
    assert json.loads(record.job.prompt) == json.loads(text)
    terminal.keys("C-b")
    terminal.wait("gallery", "story.png", "seed 7")
    terminal.keys("Enter")
    terminal.wait("new caption", "Layout", "A folded linen")
    terminal.keys("C-q")
    terminal.wait("EXIT 0")


def test_ctrl_c_ends_nothing_and_a_closed_terminal_loses_nothing(
    tmp_path: Path, terminal: Terminal
) -> None:
    sample = HERE / "samples" / "fox-sticker.json"
    file = tmp_path / "fox.json"
    shutil.copy(sample, file)
    terminal.start(*COMPOSE, str(file))
    terminal.wait("Outline", "fox.json")
    terminal.keys("n", "d", "C-c", "C-c")
    terminal.wait("fox.json ●", "Layout")
    terminal.close()
    folder = tmp_path / "state" / "promptkit" / "recovery"
    end = time.monotonic() + PATIENCE
    while not list(folder.glob("*.json")):
        assert time.monotonic() < end
        time.sleep(0.1)
    kept = json.loads(next(folder.glob("*.json")).read_text(encoding="utf-8"))
    assert kept["path"] == str(file)
    assert len(kept["text"]) > len(file.read_text(encoding="utf-8"))
    assert file.read_bytes() == sample.read_bytes()
    # Its process ends too; the next one who opens the file is asked, and gets the text back.
    while _is_alive(kept["process"]):
        assert time.monotonic() < end
        time.sleep(0.1)
    (tmp_path / "tmux").unlink(missing_ok=True)
    terminal.start(*COMPOSE, str(file))
    terminal.wait("Recover them")
    terminal.keys("r")
    terminal.wait("fox.json ●", "Layout")
