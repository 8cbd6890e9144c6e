"""The queue's lines, and what stands on a picture."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

pytest.importorskip("textual")

from PIL import Image

from promptkit.dispatch import Crashed, Done, Failed, FailureCode, Loading, Queued, Step
from promptkit.job import Job
from promptkit.session import Session
from promptkit.tui.orders import Order
from promptkit.tui.queue import Row, span, summary
from promptkit.tui.screens.generate import outlined
from tests.promptkit.tui.driving import CAPTION


def _row(number: int = 1) -> Row:
    return Row(Order(number, Job.of(prompt=CAPTION), Path(f"kites-{number}.png")))


def test_a_row_follows_its_order_from_the_queue_to_the_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    row = _row()
    row.take(Queued(3))
    assert "number 3 in the queue" in row.line().plain
    row.take(Loading())
    assert "loading the model" in row.line().plain
    row.take(Step(1, 20))
    assert "left" not in row.line().plain
    now = 110.0
    row.take(Step(5, 20))
    # Ten seconds for five steps: thirty more for fifteen.
    assert "5/20" in row.line().plain
    assert "30 s left" in row.line().plain
    row.finish(Done(7, 41.26))
    assert "41.3 s · seed 7" in row.line().plain
    assert not row.stage.is_open


def test_a_row_says_why_there_is_no_picture() -> None:
    row = _row()
    row.take(Failed(FailureCode.OUT_OF_MEMORY, "the picture does not fit"))
    assert "the picture does not fit" in row.line().plain
    row = _row()
    row.take(Failed(FailureCode.CANCELLED, "cancelled"))
    assert row.line().plain.endswith("cancelled")
    row.take(Crashed("Killed"))
    assert "started again" in row.line().plain
    assert row.stage.is_open


def test_a_long_name_shows_its_end() -> None:
    path = Path("a-very-long-name-of-a-picture-0006.png")
    line = Row(Order(1, Job.of(prompt=CAPTION), path)).line().plain
    assert line.startswith("…")
    assert "0006.png  waiting" in line
    assert len(line) < 40


def test_a_refused_picture_is_called_so() -> None:
    row = _row()
    row.finish(Done(7, 1.0, blocked=True))
    assert "safety filter" in row.line().plain


def test_the_summary_counts_and_tells_the_time_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    assert summary([]) == "empty"
    rows = [_row(number) for number in range(4)]
    rows[0].finish(Done(1, 20.0))
    rows[1].take(Step(1, 10))
    now = 10.0
    rows[1].take(Step(5, 10))
    # Ten seconds more for this one, and twenty for each of the two behind it.
    assert summary(rows) == "1 made · 3 to come · 50 s left"
    assert span(125) == "2 min 05 s"


def test_the_boxes_of_the_caption_stand_on_the_picture() -> None:
    plain = Image.new("RGB", (200, 100), "#808080")
    drawn = outlined(plain, Session(CAPTION))
    # The kite: 100..400 of 1000 both ways.
    assert drawn.getpixel((20, 20)) != (128, 128, 128)
    assert drawn.getpixel((79, 39)) != (128, 128, 128)
    assert drawn.getpixel((50, 25)) == (128, 128, 128)
    assert plain.getpixel((20, 20)) == (128, 128, 128)
