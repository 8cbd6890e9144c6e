"""How long something takes: device events on a GPU, the clock on a CPU."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

Work = Callable[[], object]


@dataclass(frozen=True)
class Clock:
    """Times work on a device, in milliseconds."""

    device: torch.device
    repeats: int = 5
    warmups: int = 2
    sustained_seconds: float = 0.4
    """Length of a loop whose rate is a roof: long enough for the clocks to settle under load."""

    def median(self, work: Work) -> float:
        """Median of single calls, after the warm-ups."""
        for _ in range(self.warmups):
            work()
        return statistics.median(self.once(work) for _ in range(self.repeats))

    def once(self, work: Work) -> float:
        """One call."""
        return self._total([work])

    def sustained(self, work: Work) -> float:
        """Mean of the calls of a loop that keeps the device busy."""
        work()
        each = self._total([work] * 3) / 3
        count = max(3, int(1e3 * self.sustained_seconds / max(each, 1e-3)))
        return self._total([work] * count) / count

    def kernel(self, works: Sequence[Work]) -> float:
        """Mean over ``works``, called one after the other without a gap between them.

        On a GPU they are captured into a graph, since a launch from Python can take longer than a
        kernel. Let them use memory of their own, together more than the caches hold.
        """
        if self.device.type != "cuda":
            return self.sustained(works[0])
        for work in works:
            work()
        torch.cuda.synchronize(self.device)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            for work in works:
                work()
        return self.sustained(graph.replay) / len(works)

    def wall(self, work: Work) -> float:
        """One call as a user waits for it, host and device."""
        self._wait()
        start = time.perf_counter()
        work()
        self._wait()
        return 1e3 * (time.perf_counter() - start)

    def _total(self, works: Sequence[Work]) -> float:
        if self.device.type != "cuda":
            start = time.perf_counter()
            for work in works:
                work()
            return 1e3 * (time.perf_counter() - start)
        begin, end = _event(), _event()
        self._wait()
        begin.record()
        for work in works:
            work()
        end.record()
        self._wait()
        milliseconds: float = begin.elapsed_time(end)
        return milliseconds

    def _wait(self) -> None:
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)


def _event() -> torch.cuda.Event:
    return torch.cuda.Event(enable_timing=True)  # type: ignore[no-untyped-call]


def peak_bytes(device: torch.device, work: Work) -> int | None:
    """Most memory that torch held while ``work`` ran, weights included; None on a CPU."""
    if device.type != "cuda":
        return None
    torch.cuda.synchronize(device)
    torch.cuda.empty_cache()
    torch.cuda.reset_peak_memory_stats(device)
    work()
    torch.cuda.synchronize(device)
    return torch.cuda.max_memory_allocated(device)
