"""Nothing is read before it has been copied, nor written over before it has been read.

On a GPU copies and computation run on streams of their own, in any order that their events allow.
The streams here know what they can rely on having been done, and whoever uses a buffer asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import torch
from torch import nn

from generator import streaming
from generator.model.layers import Linear
from generator.streaming import BlockStream, make_home


class Stream:
    """What is certainly done when the stream's next piece of work begins."""

    def __init__(self, _: object = None) -> None:
        self.done: set[tuple[str, int]] = set()

    def wait_stream(self, other: Stream) -> None:
        self.done |= other.done

    def wait_event(self, event: Event) -> None:
        self.done |= event.done


class Event:
    def __init__(self) -> None:
        self.done: set[tuple[str, int]] = set()

    def record(self, stream: Stream | None = None) -> None:
        self.done = set((stream or Gpu.active).done)


class Gpu:
    """The two streams, and a count of what was put on each."""

    compute = Stream()
    active = compute
    copies = 0
    uses = 0
    visits = 0

    @classmethod
    def reset(cls, visits: int) -> None:
        cls.compute = cls.active = Stream()
        cls.copies = cls.uses = 0
        cls.visits = visits

    @classmethod
    @contextmanager
    def stream(cls, stream: Stream) -> Iterator[None]:
        """A copy into the buffer that the copy before the last one of its pass went to."""
        turn = cls.copies % cls.visits
        before = cls.copies - (2 if turn >= 2 else turn + 1)
        assert before < 0 or ("use", before) in stream.done, f"copy {cls.copies} is too early"
        cls.active = stream
        stream.done.add(("copy", cls.copies))
        cls.copies += 1
        yield
        cls.active = cls.compute

    @classmethod
    def use(cls) -> None:
        """A block computes."""
        assert ("copy", cls.uses) in cls.compute.done, f"use {cls.uses} is too early"
        cls.compute.done.add(("use", cls.uses))
        cls.uses += 1


class Slot:
    """A buffer with events that can be asked."""

    def __init__(self, nbytes: int, _: torch.device) -> None:
        self.buffer = torch.empty(nbytes, dtype=torch.uint8)
        self.copied = Event()
        self.used = Event()


class Block(nn.Module):
    def __init__(self, visits: bool) -> None:
        super().__init__()
        self.inner = nn.Sequential(Linear(2, 2))
        self.visits = visits

    def forward(self) -> None:
        if self.visits:
            Gpu.use()


@pytest.fixture
def _gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "Stream", Stream)
    monkeypatch.setattr(torch.cuda, "stream", Gpu.stream)
    monkeypatch.setattr(torch.cuda, "current_stream", lambda _: Gpu.compute)
    monkeypatch.setattr(streaming, "_Slot", Slot)
    monkeypatch.setattr(streaming, "_lock_pages", lambda *_: None)


@pytest.mark.usefixtures("_gpu")
@pytest.mark.parametrize("visiting", ["vvvvv", "rvvrvv", "rvrvr", "v", "rrv", "vr"])
def test_copies_and_computation_wait_for_each_other(visiting: str) -> None:
    blocks = [Block(kind == "v") for kind in visiting]
    homes = {
        index: make_home(block, {"inner.0.weight": torch.float32})
        for index, block in enumerate(blocks)
        if block.visits
    }
    Gpu.reset(len(homes))
    BlockStream(blocks, homes, torch.device("cuda"))
    for _ in range(3):
        for block in blocks:
            block()
    assert Gpu.copies == Gpu.uses == 3 * len(homes)
