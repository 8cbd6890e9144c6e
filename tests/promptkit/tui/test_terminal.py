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
from dataclasses import replace
from pathlib import Path

import pytest

from promptkit.job import read_record
from promptkit.lint import Severity, lint
from promptkit.templating.shelf import find_template

pytest.importorskip("textual")
pytest.importorskip("uvicorn")
pytest.importorskip("torch")
pytest.importorskip("tokenizers")

from generator.testing import SMALL, write_small_checkpoint
from promptkit.tui.screens.choice import UNASKED_SECONDS

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="there is no tmux here")

HERE = Path(__file__).resolve().parents[3]
PATIENCE = 300.0
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

    def screen(self, *, colors: bool = False) -> str:
        return self._tmux("capture-pane", "-p", *(["-e"] if colors else []))

    def wait(self, *words: str, gone: bool = False) -> str:
        """The screen, as soon as all of these words are on it, or none of them."""
        end = time.monotonic() + PATIENCE
        while True:
            screen = self.screen()
            if all((word in screen) is not gone for word in words):
                return screen
            assert time.monotonic() < end, f"{words} gone={gone} in:\n{screen}"
            time.sleep(0.1)

    def press(self, key: str) -> None:
        """Press a key and wait until it shows, be it in a colour."""
        before = self.screen(colors=True)
        self.keys(key)
        end = time.monotonic() + PATIENCE
        while self.screen(colors=True) == before:
            assert time.monotonic() < end, f"{key} changed nothing in:\n{self.screen()}"
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
        "OMP_NUM_THREADS": "1",
    }


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    opened = Terminal(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    """A whole checkpoint with random weights, whose tokenizer knows the words of the template."""
    encoder = replace(SMALL.text_encoder, vocab_size=2048)
    words = find_template("product-hero").read_text(encoding="utf-8")
    sizes = replace(SMALL, text_encoder=encoder)
    return write_small_checkpoint(tmp_path / "small", sizes=sizes, texts=[words])


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


COMPOSE = (sys.executable, "-m", "promptkit", "compose")


def test_from_a_template_to_a_picture_and_back(
    tmp_path: Path, terminal: Terminal, checkpoint: Path
) -> None:
    terminal.start(*COMPOSE, "--model", str(checkpoint))
    terminal.wait("Outline", "new caption")
    _begin_from_a_template(terminal)
    _draw_a_box_and_mend_it(terminal)
    terminal.keys("C-s")
    terminal.wait("Save as")
    terminal.type("story.json")
    terminal.keys("Enter")
    terminal.wait("story.json", "saved")
    text = (tmp_path / "story.json").read_text(encoding="utf-8")
    assert "napkin" in text, text
    assert not [each for each in lint(text) if each.severity is Severity.ERROR]
    _generate(terminal)
    record = read_record(tmp_path / "story.png")
    assert record.made_by.model == "small"
    assert json.loads(record.job.prompt) == json.loads(text)
    # Back from the picture to its caption.
    terminal.keys("C-b")
    terminal.wait("gallery", "story.png", "seed 7")
    terminal.keys("Enter")
    terminal.wait("new caption", "Layout", "A folded linen")
    terminal.keys("C-q")
    terminal.wait("EXIT 0")


def _begin_from_a_template(terminal: Terminal) -> None:
    terminal.keys("C-t")
    listed = terminal.wait("product-hero").splitlines()[2:]
    names = [line.split()[1] for line in listed if len(line.split()) > 1]
    terminal.keys(*["Down"] * names.index("product-hero"))
    terminal.wait("Product hero shot")
    terminal.press("Enter")
    terminal.type("Moka")
    terminal.wait("Moka")
    terminal.keys("C-s")
    terminal.wait("Outline", "Layout", "Moka")


def _draw_a_box_and_mend_it(terminal: Terminal) -> None:
    # With the mouse: its missing description is a finding at once.
    terminal.drag((37, 26), (50, 28))
    terminal.wait("●", "is empty")
    # Moved with the keys, out of the description that waits to be typed.
    terminal.press("Escape")
    for key in ("Right", "Right", "S-Down"):
        terminal.press(key)
    # To where the finding is, by way of the list of findings.
    terminal.press("F8")
    terminal.press("F6")
    terminal.press("f")
    terminal.press("Enter")
    terminal.type("A folded linen napkin beside the plinth, undyed, with a stitched hem.")
    terminal.wait("Findings · none", "stitched", "hem.")


def _generate(terminal: Terminal) -> None:
    terminal.keys("C-r")
    terminal.wait("Queue", "Seed")
    terminal.type("7")
    for value in ("300", "256x256"):
        terminal.press("BTab")
        terminal.press("BTab")
        terminal.type(value)
        terminal.wait(value)
    terminal.keys("Enter")
    terminal.wait("story.png", "/300", "to come")
    terminal.wait("story.png", "s · seed 7", "▀", "1 made")


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
    time.sleep(2 * UNASKED_SECONDS)  # before, keys are not for it
    terminal.keys("r")
    terminal.wait("fox.json ●", "Layout")
