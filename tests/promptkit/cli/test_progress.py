from __future__ import annotations

import io
import os
import sys

import pytest

from promptkit.cli import console
from promptkit.cli.progress import Progress
from promptkit.job.events import Done, Loading, Queued, Step
from promptkit.report.cells import cell_width


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True

    def line(self) -> str:
        """What stands on the last line now."""
        return self.getvalue().rpartition("\x1b[K")[2]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr("promptkit.cli.progress.time.monotonic", lambda: now[0])
    return now


def test_a_terminal_sees_step_time_left_and_memory(clock: list[float]) -> None:
    terminal = Terminal()
    progress = Progress(3, terminal)
    progress.show("a.png", Queued(2))
    assert terminal.line() == "[1/3] a.png  queued, 2 in line"
    progress.show("a.png", Loading())
    assert terminal.line() == "[1/3] a.png  loading the model"
    progress.show("a.png", Loading("memory plan 24GB: 23.2 GiB free"))
    assert terminal.line().endswith("loading the model, memory plan 24GB: 23.2 GiB free")
    progress.show("a.png", Step(0, 10))
    clock[0] += 20.0
    progress.show("a.png", Step(5, 10, memory=21_300_000_000))
    # 4 s a step: 5 steps of this picture and 20 of the two others.
    bar = "━" * 10 + "─" * 10
    assert terminal.line() == f"[1/3] a.png  {bar} step 5/10  1:40 left  21.3 GB"
    progress.finish("a.png", Done(1, 40.0))
    progress.show("b.png", Step(0, 10))
    assert "left" not in terminal.line()
    progress.close()
    assert terminal.line() == ""


@pytest.mark.parametrize("columns", [40, 45, 50, 60, 70, 80, 120])
@pytest.mark.parametrize(
    "name", ["a.png", "pictures/" * 9 + "key-0042.png", "画像/" * 30 + "鍵.png"]
)
def test_a_line_never_wraps_and_always_has_its_figures(
    columns: int, name: str, monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    terminal = Terminal()
    progress = Progress(12, terminal)
    progress.show(name, Loading())
    assert cell_width(terminal.line()) < columns
    progress.show(name, Step(0, 48))
    clock[0] += 40.0
    progress.show(name, Step(10, 48, memory=21_300_000_000))
    line = terminal.line()
    assert cell_width(line) < columns
    assert line.endswith("step 10/48  37:44 left  21.3 GB")
    # The name gives way first, then the bar.
    assert ("━" in line) is (columns >= 60)
    assert (name[-5:] in line) is (columns >= 50)


def test_a_terminal_that_does_not_know_its_size_is_taken_for_a_usual_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr(os, "get_terminal_size", lambda _: os.terminal_size((0, 0)))
    assert console.width(sys.stderr) == 80


def test_a_name_cannot_steer_the_terminal() -> None:
    terminal = Terminal()
    Progress(1, terminal).show("a\x1b[2J.png", Loading())
    assert terminal.line() == "[1/1] a␛[2J.png  loading the model"


def test_talk_does_not_tear_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    terminal = Terminal()
    progress = Progress(1, terminal)
    progress.show("a.png", Loading())
    monkeypatch.setattr(console, "talk", lambda message: said.append(terminal.line() + message))
    progress.say("a remark")
    assert said == ["a remark"]


def test_a_pipe_gets_one_plain_line_for_each_picture(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(2)
    progress.show("a.png", Step(1, 2))
    progress.finish("a.png", Done(1, 1.25))
    progress.finish("b.png", None)
    progress.close()
    assert capsys.readouterr().err == "[1/2] a.png: 1.2 s\n"
