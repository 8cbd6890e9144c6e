"""Recorded branches: the same answers, from tensors that stay where they are."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from types import SimpleNamespace
from typing import Any

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
    for tokens, kind in ((FEW_TOKENS, RecordedBranch), (FEW_TOKENS + 1, SimpleNamespace)):
        cos = SimpleNamespace(device=torch.device("cuda:99"), shape=(1, tokens, 8))
        on_a_gpu: Any = SimpleNamespace(rope=SimpleNamespace(cos=cos), modulation=None)
        assert type(recorded(on_a_gpu)) is kind


@torch.inference_mode()
@pytest.mark.parametrize(
    ("error", "attempts"), [(torch.OutOfMemoryError("no"), 2), (RuntimeError("no"), 1)]
)
def test_what_cannot_be_recorded_is_done_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: RuntimeError,
    attempts: int,
) -> None:
    done: list[str] = []
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: done.append("give back"))

    def refuse(_: Callable[[], Tensor]) -> Callable[[], Tensor]:
        done.append("record")
        raise error

    plain = branch()
    taped = RecordedBranch(plain, refuse)
    for step in range(len(TIMES)):
        z = torch.randn(1, 6, CONFIG.in_channels)
        torch.testing.assert_close(taped.velocity(z, step), plain.velocity(z, step))
    assert done == ["record", "give back", "record"][: 2 * attempts - 1]
    assert caplog.messages == ["launching kernel by kernel, since recording them failed: no"]


def test_a_recording_finds_room_in_what_is_only_kept(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tape, free = Tape(), list[bool]()
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: free.append(True))

    def record_if_free(work: Callable[[], Tensor]) -> Callable[[], Tensor]:
        if not free:
            raise torch.OutOfMemoryError("no room")
        return tape(work)

    added = Recorded(lambda x: x + 1, record_if_free)
    assert [int(added(torch.tensor([n]))) for n in range(4)] == [1, 2, 3, 4]
    assert tape.recordings == len(free) == 1
    assert not caplog.messages


def test_a_replay_leaves_what_it_was_recorded_with() -> None:
    doubled = Recorded(lambda x: x * 2, Tape())
    given = [torch.full((1,), float(n)) for n in range(4)]
    assert [float(doubled(x)) for x in given] == [0, 2, 4, 6]
    assert [float(x) for x in given] == [0, 1, 2, 3]


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
        self.current = Stream(self, "current")
        self.streams: list[Stream] = []
        monkeypatch.setattr(torch.cuda, "CUDAGraph", lambda: self)
        monkeypatch.setattr(torch.cuda, "Stream", self.stream)
        monkeypatch.setattr(torch.cuda, "current_stream", lambda _: self.current)
        monkeypatch.setattr(torch.cuda, "stream", self.on)

    def stream(self, _: torch.device) -> Stream:
        self.streams.append(Stream(self, "recorder"))
        return self.streams[-1]

    @contextmanager
    def on(self, stream: Stream) -> Iterator[None]:
        self.asked.append(f"on {stream.name}")
        yield
        self.asked.append(f"off {stream.name}")

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
        "on recorder",
        "begin in a pool, thread_local",
        "work",
        "end",
        "off recorder",
        "current waits for recorder",
    ]
    assert gpu.asked == made
    assert replay() is replay() == 1
    assert gpu.asked == [*made, "replay", "replay"]
    record(work, Gpu.device)
    assert len(gpu.streams) == 1


def test_a_recording_without_memory_says_so_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    gpu = Gpu(monkeypatch)
    gpu.valid = False

    def work() -> Tensor:
        raise torch.OutOfMemoryError("no room")

    with pytest.raises(torch.OutOfMemoryError, match="no room"):
        record(work, Gpu.device)
    assert gpu.asked[2:4] == ["begin in None, thread_local", "end"]


def test_recordings_share_memory_that_the_first_one_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    gpu, pools, taken = Gpu(monkeypatch), count(1), list[Any]()
    monkeypatch.setattr(torch.cuda, "graph_pool_handle", lambda: next(pools))
    monkeypatch.setattr(torch, "empty", lambda *size, **kind: taken.append((*size, kind)))
    record_in_pool = recorder(Gpu.device, 100)

    def no_room() -> Tensor:
        raise torch.OutOfMemoryError("no room")

    with pytest.raises(torch.OutOfMemoryError):
        record_in_pool(no_room)
    for _ in range(2):
        record_in_pool(lambda: torch.ones(1))
    assert taken == [(100, {"dtype": torch.uint8, "device": Gpu.device})] * 2
    # A handle is used up by a recording that failed, unless another one lives in it.
    begun = [asked for asked in gpu.asked if asked.startswith("begin")]
    assert begun == [f"begin in {pool}, thread_local" for pool in (1, 2, 2)]


def test_threads_record_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    gpu = Gpu(monkeypatch)

    def work() -> Tensor:
        time.sleep(0.01)
        return torch.ones(1)

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda _: record(work, Gpu.device), range(3)))
    bounds = [asked.split()[0] for asked in gpu.asked if asked.startswith(("begin", "end"))]
    assert bounds == ["begin", "end"] * 3


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
