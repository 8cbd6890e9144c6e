"""What is remembered has a bound, whoever else remembers at the same time."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from promptkit.lint.memory import Memory


def test_the_entry_held_for_longest_goes_first() -> None:
    memory: Memory[str, int] = Memory(2)
    for key in "abc":
        memory[key] = 1
    assert [*memory] == ["b", "c"]


def test_an_entry_that_is_written_anew_drives_none_out() -> None:
    memory: Memory[str, int] = Memory(2)
    memory["a"] = memory["b"] = 1
    memory["b"] = 2
    assert memory == {"a": 1, "b": 2}


@pytest.fixture
def hurried() -> Iterator[None]:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("hurried")
def test_threads_may_share_it() -> None:
    memory: Memory[int, int] = Memory(4)

    def fill(first: int) -> None:
        for key in range(first, first + 20_000):
            memory[key] = key

    with ThreadPoolExecutor(6) as pool:
        for done in [pool.submit(fill, thread * 20_000) for thread in range(6)]:
            done.result()
    assert len(memory) == 4
