from __future__ import annotations

import pytest
import torch

from generator.devices import as_current, choose_device, free_memory
from generator.errors import RequestError


def test_without_a_name_it_is_cuda_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for there, expected in ((True, "cuda"), (False, "cpu")):
        monkeypatch.setattr(torch.cuda, "is_available", lambda there=there: there)
        assert choose_device() == torch.device(expected)


@pytest.mark.parametrize("name", ["cuda", "cuda:1", torch.device("cuda", 1)])
def test_a_gpu_that_is_there_can_be_named(
    name: str | torch.device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert choose_device(name) == torch.device(name)


@pytest.mark.parametrize(
    ("name", "count", "words"),
    [
        ("cuda", 0, "torch sees 0 CUDA GPUs here"),
        ("cuda:1", 1, "device is cuda:1, but torch sees 1 CUDA GPU here"),
        ("gpu", 1, "device is 'gpu', expected cuda, cuda:N or cpu"),
        ("mps", 1, "device is 'mps', expected"),
    ],
)
def test_a_device_that_is_not_there_is_told(
    name: str, count: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: count)
    with pytest.raises(RequestError, match=words):
        choose_device(name)


@pytest.mark.parametrize(("fraction", "left"), [(1.0, 30), (0.5, 14)])
def test_what_the_allocator_keeps_is_free(
    fraction: float, left: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of 40, others have 4, and this process 28, 22 of which hold nothing any more.
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _: (8, 40))
    monkeypatch.setattr(torch.cuda, "get_per_process_memory_fraction", lambda _: fraction)
    monkeypatch.setattr(torch.cuda, "memory_reserved", lambda _: 28)
    monkeypatch.setattr(torch.cuda, "memory_allocated", lambda _: 6)
    assert free_memory(torch.device("cuda", 0)) == left
    assert free_memory(torch.device("cpu")) is None


def test_a_gpu_becomes_the_current_one_and_a_cpu_changes_nothing() -> None:
    scope = as_current(torch.device("cuda:1"))
    assert isinstance(scope, torch.cuda.device)
    assert scope.idx == 1
    with as_current(torch.device("cpu")) as nothing:
        assert nothing is None
