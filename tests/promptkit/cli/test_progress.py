from __future__ import annotations

import io

import pytest

from promptkit.cli import console
from promptkit.cli.progress import Progress
from promptkit.job.events import Done, Loading, Queued, Step


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


def test_a_line_never_wraps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    terminal = Terminal()
    Progress(1, terminal).show("a-very-long-name" * 9 + ".png", Loading())
    assert len(terminal.line()) < 50


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
