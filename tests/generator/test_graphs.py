"""Recorded branches: the same answers, from tensors that stay where they are."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from generator.denoise import Branch, make_branch
from generator.graphs import (
    FEW_TOKENS,
    Recorded,
    RecordedBranch,
    record,
    recorded,
    recorder,
)
from generator.model.transformer import Transformer
from generator.packing import image_positions
from generator.parity import numerics
from generator.testing import SMALL

CONFIG = SMALL.transformer
TIMES = (0.1, 0.3, 0.6, 0.8)


def branch(device: str = "cpu") -> Branch:
    torch.manual_seed(3)
    network = Transformer(CONFIG, text=False).to(device)
    positions = image_positions((2, 3)).to(device)
    return make_branch(network, None, positions, TIMES, numerics("recommended"))


class Tape:
    """Stands for a graph: runs the recorded work again, and counts recordings."""

    def __init__(self) -> None:
        self.recordings = 0

    def __call__(self, work: Callable[[], Tensor]) -> Callable[[], Tensor]:
        self.recordings += 1
        return work


@torch.inference_mode()
def test_every_step_is_answered_as_without_recording() -> None:
    plain, tape = branch(), Tape()
    taped = RecordedBranch(plain, tape)
    for step in range(len(TIMES)):
        z = torch.randn(1, 6, CONFIG.in_channels)
        torch.testing.assert_close(taped.begin(z, step)(), plain.velocity(z, step))
    assert tape.recordings == 1


@torch.inference_mode()
def test_a_recording_ends_with_its_picture() -> None:
    taped = RecordedBranch(branch(), Tape())
    for step in range(2):
        taped.velocity(torch.randn(1, 6, CONFIG.in_channels), step)
    # Its memory is that of the device, which no collector of garbage looks at.
    ended = weakref.ref(taped)
    del taped
    assert ended() is None


@torch.inference_mode()
def test_a_picture_of_one_step_records_nothing() -> None:
    tape = Tape()
    RecordedBranch(branch(), tape).velocity(torch.randn(1, 6, CONFIG.in_channels), 0)
    assert tape.recordings == 0


def test_only_short_sequences_on_a_gpu_are_recorded() -> None:
    plain = branch()
    assert recorded(plain) is plain
    meta = replace(plain, rope=replace(plain.rope, cos=plain.rope.cos.to("meta")))
    assert recorded(meta) is meta


@torch.inference_mode()
def test_what_cannot_be_recorded_is_done_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    attempts = []

    def no_room(work: Callable[[], Tensor]) -> Callable[[], Tensor]:
        attempts.append(work)
        raise torch.OutOfMemoryError("no room")

    plain = branch()
    taped = RecordedBranch(plain, no_room)
    for step in range(len(TIMES)):
        z = torch.randn(1, 6, CONFIG.in_channels)
        torch.testing.assert_close(taped.velocity(z, step), plain.velocity(z, step))
    assert len(attempts) == 1
    [warning] = caplog.messages
    assert "no room" in warning


def test_work_that_failed_is_not_warm() -> None:
    tape, failing = Tape(), [True, False, False]

    def work(x: Tensor) -> Tensor:
        if failing.pop(0):
            raise torch.OutOfMemoryError("no room")
        return x + 1

    done = Recorded(work, tape)
    with pytest.raises(torch.OutOfMemoryError):
        done(torch.zeros(1))
    assert done(torch.ones(1)) == 2
    assert tape.recordings == 0
    assert done(torch.full((1,), 5.0)) == 6
    assert tape.recordings == 1


class Gpu:
    """Stands for CUDA graphs and streams: notes what is asked of them, in order."""

    device = torch.device("cuda:99")

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[str] = []
        self.valid = True
        monkeypatch.setattr(torch.cuda, "CUDAGraph", lambda: self)
        monkeypatch.setattr(torch.cuda, "Stream", lambda _: Stream(self, "recorder"))
        monkeypatch.setattr(torch.cuda, "current_stream", lambda _: Stream(self, "current"))
        monkeypatch.setattr(torch.cuda, "stream", nullcontext)

    def capture_begin(self, *, pool: object, capture_error_mode: str) -> None:
        self.asked.append(f"begin in {pool}, {capture_error_mode}")

    def capture_end(self) -> None:
        self.asked.append("end")
        if not self.valid:
            raise RuntimeError("the recording is not valid")

    def replay(self) -> None:
        self.asked.append("replay")


class Stream:
    """A stream of a stand-in GPU."""

    device = Gpu.device

    def __init__(self, gpu: Gpu, name: str) -> None:
        self.gpu, self.name = gpu, name

    def wait_stream(self, other: Stream) -> None:
        self.gpu.asked.append(f"{self.name} waits for {other.name}")


def test_a_recording_is_made_on_a_stream_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    gpu = Gpu(monkeypatch)

    def work() -> Tensor:
        gpu.asked.append("work")
        return torch.ones(1)

    replay = record(work, Gpu.device, "a pool")
    made = [
        "recorder waits for current",
        "begin in a pool, thread_local",
        "work",
        "end",
        "current waits for recorder",
    ]
    assert gpu.asked == made
    assert replay() is replay() == 1
    assert gpu.asked == [*made, "replay", "replay"]


def test_a_recording_without_memory_says_so_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    gpu = Gpu(monkeypatch)
    gpu.valid = False

    def work() -> Tensor:
        raise torch.OutOfMemoryError("no room")

    with pytest.raises(torch.OutOfMemoryError, match="no room"):
        record(work, Gpu.device)
    assert gpu.asked[1:] == ["begin in None, thread_local", "end"]


def test_recordings_share_memory_that_the_first_one_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    gpu, taken = Gpu(monkeypatch), list[int]()
    monkeypatch.setattr(torch.cuda, "graph_pool_handle", lambda: "a pool")
    monkeypatch.setattr(torch, "empty", lambda size, **_: taken.append(size))
    record_in_pool = recorder(Gpu.device, 100)

    def no_room() -> Tensor:
        raise torch.OutOfMemoryError("no room")

    with pytest.raises(torch.OutOfMemoryError):
        record_in_pool(no_room)
    for _ in range(2):
        record_in_pool(lambda: torch.ones(1))
    assert taken == [100, 100]
    begun = [asked for asked in gpu.asked if asked.startswith("begin")]
    assert begun == ["begin in a pool, thread_local"] * 3


@pytest.mark.skipif(not torch.cuda.is_available(), reason="graphs are CUDA's")
@torch.inference_mode()
def test_a_graph_answers_as_its_network() -> None:
    plain = branch("cuda")
    assert plain.rope.cos.shape[1] <= FEW_TOKENS
    taped = recorded(plain)
    assert isinstance(taped, RecordedBranch)
    for step in range(len(TIMES)):
        z = torch.randn(1, 6, CONFIG.in_channels, device="cuda")
        torch.testing.assert_close(taped.velocity(z, step), plain.velocity(z, step))
    add = record(lambda: torch.ones(2, device="cuda") + 1, torch.device("cuda"))
    assert add().tolist() == [2, 2]
