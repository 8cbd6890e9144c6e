"""CUDA graphs: a pass over a network as one launch.

A pass is some four hundred kernels. The host needs longer to launch them than a fast GPU needs to
run them on a small picture, and a graph of the pass takes that time out. On a large picture it
would gain nothing and cost its memory a second time, so there is none.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import cache, partial
from threading import Lock
from typing import Any, Final

import torch
from torch import Tensor

from generator.denoise import Branch
from generator.model.transformer import Modulation

FEW_TOKENS: Final = 4500
"""Text and image tokens up to which a graph is made: the pass without text at 1024 x 1024 is the
longest."""


Record = Callable[[Callable[[], Tensor]], Callable[[], Tensor]]
"""Makes one launch of work that is given to it."""

_one_at_a_time = Lock()
"""Recordings for a stream share another one, which can be in one of them at a time."""


def record(
    work: Callable[[], Tensor], device: torch.device, pool: Any = None
) -> Callable[[], Tensor]:
    """The same work as one launch. It reads and writes the tensors that it read and wrote then.

    Recordings with the same ``pool``, a handle of torch's, compute in the same memory: the result
    of one is used before another of them runs.
    """
    current = torch.cuda.current_stream(device)
    graph, stream = torch.cuda.CUDAGraph(), _recorder(current)
    with _one_at_a_time:
        stream.wait_stream(current)
        with torch.cuda.stream(stream):
            graph.capture_begin(pool=pool, capture_error_mode="thread_local")
            try:
                result = work()
            except BaseException:
                # A recording that was broken off may not end well; what broke it off says why.
                with suppress(RuntimeError):
                    graph.capture_end()
                raise
            graph.capture_end()
        current.wait_stream(stream)

    def replay() -> Tensor:
        graph.replay()
        return result

    return replay


def recorder(device: torch.device) -> Record:
    """Records for a GPU, all in the same memory."""
    return partial(record, device=device, pool=torch.cuda.graph_pool_handle())


@cache
def _recorder(current: torch.cuda.Stream) -> torch.cuda.Stream:
    """Where recordings for a stream are made.

    cuBLAS keeps a workspace for each stream that it has seen, and a recording that of its recorder:
    one for all recordings of a stream, since those are never replayed at the same time.
    """
    return torch.cuda.Stream(current.device)  # type: ignore[no-untyped-call]


def recorded(branch: Branch) -> Branch | RecordedBranch:
    """The branch as a graph where that pays, otherwise as it is."""
    device, tokens = branch.rope.cos.device, branch.rope.cos.shape[1]
    if device.type != "cuda" or tokens > FEW_TOKENS:
        return branch
    return RecordedBranch(branch, partial(record, device=device))


class RecordedBranch:
    """A branch whose first step is run as it is, and whose second is recorded for all others.

    Kernels are compiled and tuned when they are first run, which no recording may contain. A
    result is overwritten by the next step's.
    """

    def __init__(self, branch: Branch, record: Record) -> None:
        self._branch = branch
        self._record = record
        self._warm = False
        self._replay: Callable[[], Tensor] | None = None
        self._inputs: tuple[Tensor, Tensor] | None = None

    def velocity(self, z_BIC: Tensor, step: int) -> Tensor:
        """See ``Branch.velocity``."""
        if not self._warm:
            self._warm = True
            return self._branch.velocity(z_BIC, step)
        rows_BND = self._branch.modulation.at(step).rows_BND
        if self._inputs is None:
            # Written on this stream, so allocated on it: whoever is given them next waits for that.
            self._inputs = torch.empty_like(z_BIC), torch.empty_like(rows_BND)
        z_still_BIC, rows_still_BND = self._inputs
        z_still_BIC.copy_(z_BIC)
        rows_still_BND.copy_(rows_BND)
        if self._replay is None:
            still = replace(self._branch, modulation=Modulation(rows_still_BND))
            self._replay = self._record(partial(still.velocity, z_still_BIC, 0))
        return self._replay()

    def begin(self, z_BIC: Tensor, step: int) -> Callable[[], Tensor]:
        """See ``NegativeBranch``."""
        return partial(self.velocity, z_BIC, step)
