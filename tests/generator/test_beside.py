"""A negative branch on a stream of its own: what waits for what."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import pytest
import torch
from torch import Tensor

from generator import beside
from generator.beside import BesideBranch

GPU = torch.device("cuda:99")


class Twice:
    """A branch that answers with twice the latents, and tells when it is run."""

    def __init__(self, diary: list[str]) -> None:
        self._diary = diary

    def begin(self, z_BIC: Tensor, step: int) -> Callable[[], Tensor]:
        self._diary.append(f"pass {step}")
        return lambda: 2 * z_BIC


class Stream:
    """Stands for a CUDA stream and writes down what it waits for."""

    def __init__(self, name: str, diary: list[str]) -> None:
        self.name, self._diary = name, diary

    def wait_stream(self, other: Stream) -> None:
        self._diary.append(f"{self.name} waits for {other.name}")


@pytest.fixture
def diary(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    diary: list[str] = []
    here, there = Stream("here", diary), Stream("there", diary)

    def on(stream: Stream) -> AbstractContextManager[None]:
        diary.append(f"on {stream.name}")
        return nullcontext()

    monkeypatch.setattr(torch.cuda, "current_stream", lambda _: here)
    monkeypatch.setattr(torch.cuda, "stream", on)
    monkeypatch.setattr(beside, "_side_stream", lambda _: there)
    return diary


def test_each_stream_waits_for_what_it_reads(diary: list[str]) -> None:
    answer = BesideBranch(Twice(diary), GPU).begin(torch.ones(1, 2, 3), 4)
    assert diary == ["there waits for here", "on there", "pass 4"]
    diary.clear()
    assert bool((answer() == 2.0).all())
    assert diary == ["here waits for there"]


def test_a_cpu_has_one_thing_at_a_time(diary: list[str]) -> None:
    branch = Twice(diary)
    assert beside.beside(branch, torch.device("cpu")) is branch
    assert isinstance(beside.beside(branch, GPU), BesideBranch)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="streams are CUDA's")
def test_a_stream_answers_as_the_branch() -> None:
    # Both streams have work that takes far longer than to ask: what did not wait would be wrong.
    slow = torch.eye(8192, device="cuda")
    z = torch.zeros(8192, 8192, device="cuda")
    z += slow @ slow @ slow

    class Slow:
        def begin(self, z_BIC: Tensor, step: int) -> Callable[[], Tensor]:
            return lambda: z_BIC @ slow @ slow + step

    answer = BesideBranch(Slow(), z.device).begin(z, 1)
    torch.testing.assert_close(answer() - 1, slow)
