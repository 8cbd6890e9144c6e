"""Recorded branches: the same answers, from tensors that stay where they are."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from generator.denoise import Branch, make_branch
from generator.graphs import FEW_TOKENS, RecordedBranch, record, recorded
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
def test_a_picture_of_one_step_records_nothing() -> None:
    tape = Tape()
    RecordedBranch(branch(), tape).velocity(torch.randn(1, 6, CONFIG.in_channels), 0)
    assert tape.recordings == 0


def test_only_short_sequences_on_a_gpu_are_recorded() -> None:
    plain = branch()
    assert recorded(plain) is plain
    meta = replace(plain, rope=replace(plain.rope, cos=plain.rope.cos.to("meta")))
    assert recorded(meta) is meta


class Recorder:
    """Stands for a CUDA graph and for the streams around it."""

    device = torch.device("cuda:99")

    def __init__(self, *_: object) -> None:
        self.begun = self.ended = False

    def wait_stream(self, _: object) -> None:
        """As a stream that follows another one."""

    def capture_begin(self, **_: str) -> None:
        self.begun = True

    def capture_end(self) -> None:
        self.ended = True
        raise RuntimeError("the recording is not valid")


def test_a_recording_without_memory_says_so_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    graph, gpu = Recorder(), torch.device("cuda:99")
    monkeypatch.setattr(torch.cuda, "CUDAGraph", lambda: graph)
    monkeypatch.setattr(torch.cuda, "Stream", Recorder)
    monkeypatch.setattr(torch.cuda, "current_stream", Recorder)
    monkeypatch.setattr(torch.cuda, "stream", nullcontext)

    def work() -> Tensor:
        raise torch.OutOfMemoryError("no room")

    with pytest.raises(torch.OutOfMemoryError, match="no room"):
        record(work, gpu)
    assert graph.begun
    assert graph.ended


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
