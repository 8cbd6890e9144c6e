"""The thread behind the screen, with a generator that is played."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import Any, Self

import pytest

pytest.importorskip("textual")

from textual.message import Message

from promptkit.dispatch import Done, Failed, Picture, Step
from promptkit.dispatch.client import Update
from promptkit.dispatch.connection import ServedModel
from promptkit.errors import GeneratorError
from promptkit.job import Job
from promptkit.tui import studio
from promptkit.tui.orders import Finished, Opened, Place, Progress, Starting, Stopped
from promptkit.tui.studio import Studio

SECONDS = 30.0


class PlayedGenerator:
    """Makes every job at once, after what ``meanwhile`` does."""

    note = ""

    def __init__(self) -> None:
        self.served = ServedModel("played", "")
        self.jobs: list[Job] = []
        self.opened = self.closed = 0
        self.meanwhile: Callable[[Job], object] = lambda _: None
        self.before_cancel: Callable[[], object] = lambda: None
        self._cancelled = False

    def open(self, *_: object, hear: Callable[[str], None], **__: object) -> Self:
        hear("\rweights: 1%\rweights: 2%\r\n")
        self.opened += 1
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        time.sleep(0.05)
        self.closed += 1

    def render(self, jobs: Sequence[Job], *, allow_findings: bool) -> Iterator[Update]:
        assert allow_findings
        self._cancelled = False
        (job,) = jobs
        self.jobs.append(job)
        yield Update(0, Step(1, 2))
        self.meanwhile(job)
        if self._cancelled:
            yield Update(0, studio._CANCELLED)
        else:
            done = Done(seed=1, seconds=0.0)
            yield Update(0, done)
            yield Update(0, Picture(b"png", done))

    def cancel(self) -> None:
        self.before_cancel()
        self._cancelled = True


class Desk:
    """A studio, and what it has told."""

    def __init__(self, generator: PlayedGenerator, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(studio, "open_generator", generator.open)
        self.told: list[Message] = []
        self.studio = Studio(Place(), self.told.append)

    def submit(self, *paths: Path, **chosen: Any) -> None:
        job = Job.of(prompt="a cat", **chosen)
        self.studio.submit([(job, path) for path in paths], chosen)

    def heard(self, kind: type[Message], count: int = 1) -> list[Any]:
        end = time.monotonic() + SECONDS
        while True:
            found = [message for message in self.told if isinstance(message, kind)]
            if len(found) >= count:
                return found
            assert time.monotonic() < end, self.told
            time.sleep(0.005)

    def ended(self, count: int) -> dict[int, str]:
        """How so many orders have ended, by number."""
        end = time.monotonic() + SECONDS
        while True:
            how = {each.order.number: "made" for each in self.told if isinstance(each, Finished)}
            for each in self.told:
                if isinstance(each, Progress) and isinstance(each.event, Failed):
                    how[each.order.number] = each.event.code.value
            if len(how) >= count:
                return how
            assert time.monotonic() < end, self.told
            time.sleep(0.005)


@pytest.fixture
def generator() -> PlayedGenerator:
    return PlayedGenerator()


@pytest.fixture
def desk(generator: PlayedGenerator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    desk = Desk(generator, monkeypatch)
    yield desk
    desk.studio.close()


def test_it_is_opened_once_and_before_there_is_an_order(
    desk: Desk, generator: PlayedGenerator, tmp_path: Path
) -> None:
    desk.studio.open()
    desk.heard(Opened)
    assert [message.words for message in desk.heard(Starting)] == ["weights: 2%"]
    desk.studio.open()
    desk.submit(tmp_path / "a.png")
    assert desk.ended(1) == {1: "made"}
    assert generator.opened == 1


def test_the_end_of_the_editor_is_the_end_of_the_generator(
    desk: Desk, generator: PlayedGenerator
) -> None:
    desk.studio.open()
    desk.heard(Opened)
    # It is opened in a thread, which may tell so a moment before it takes orders.
    desk.submit(Path("nowhere") / "a.png")
    desk.ended(1)
    desk.studio.close()
    assert generator.closed == 1


def test_what_was_chosen_outweighs_the_model(
    desk: Desk, generator: PlayedGenerator, tmp_path: Path
) -> None:
    suited = {"width": 256, "height": 256, "preset": "DRAFT_12", "seed": 9, "prompt": "another"}
    generator.served = ServedModel("played", "", suited)
    desk.submit(tmp_path / "a.png", num_inference_steps=3, cfg_scale=2.0)
    desk.ended(1)
    (job,) = generator.jobs
    assert (job.width, job.height, job.preset, job.num_inference_steps) == (256, 256, None, 3)
    assert (job.prompt, job.seed) == ("a cat", None)


def test_a_file_that_came_meanwhile_is_kept(
    desk: Desk, generator: PlayedGenerator, tmp_path: Path
) -> None:
    path = tmp_path / "a.png"
    generator.meanwhile = lambda _: path.write_bytes(b"somebody else's")
    desk.submit(path)
    (finished,) = desk.heard(Finished)
    assert finished.order.path == tmp_path / "a-2.png"
    assert path.read_bytes() == b"somebody else's"


def test_a_picture_that_cannot_be_written_keeps_no_other(desk: Desk, tmp_path: Path) -> None:
    desk.submit(tmp_path / "nowhere" / "a.png", tmp_path / "b.png")
    assert desk.ended(2) == {1: "engine", 2: "made"}
    assert not any(isinstance(message, Stopped) for message in desk.told)


def test_who_has_no_generator_is_told_which_orders_are_lost(
    desk: Desk, generator: PlayedGenerator, tmp_path: Path
) -> None:
    def die(_: Job) -> None:
        raise GeneratorError("it died")

    generator.meanwhile = die
    desk.submit(tmp_path / "a.png", tmp_path / "b.png")
    (stopped,) = desk.heard(Stopped)
    assert (stopped.problem, stopped.numbers) == ("it died", [1, 2])
    generator.meanwhile = lambda _: None
    desk.submit(tmp_path / "c.png")
    assert desk.ended(1) == {3: "made"}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_error_that_nobody_foresaw_is_told_and_the_next_order_made(
    desk: Desk, generator: PlayedGenerator, tmp_path: Path
) -> None:
    def stumble(_: Job) -> None:
        raise KeyError("bug")

    generator.meanwhile = stumble
    desk.submit(tmp_path / "a.png")
    (stopped,) = desk.heard(Stopped)
    assert stopped.numbers == [1]
    assert desk.studio.pending == 0
    generator.meanwhile = lambda _: None
    desk.submit(tmp_path / "b.png")
    assert desk.ended(1) == {2: "made"}


def test_a_late_cancellation_means_the_picture_that_it_was_meant_for(
    desk: Desk, generator: PlayedGenerator, tmp_path: Path
) -> None:
    asked, ready = Event(), Event()

    def dawdle() -> None:
        if not asked.is_set():  # the second one would be quick
            asked.set()
            time.sleep(0.3)

    generator.before_cancel = dawdle

    def cancel_the_first(_: Job) -> None:
        if not asked.is_set():
            ready.wait(SECONDS)
            desk.studio.cancel(1)
            asked.wait(SECONDS)
            desk.studio.cancel(1)  # pressed twice
        else:
            time.sleep(0.6)  # a cancellation that comes late would still find this one

    generator.meanwhile = cancel_the_first
    desk.submit(tmp_path / "a.png", tmp_path / "b.png")
    ready.set()
    assert desk.ended(2)[2] == "made"
