"""CUDA graphs: a pass over a network as one launch.

A pass is some four hundred kernels. The host needs longer to launch them than a fast GPU needs to
run them on a prompt or a small picture, and a graph of the pass takes that time out. On a large
picture it would gain nothing and cost its memory a second time, so there is none.
"""

from __future__ import annotations

import logging
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

log = logging.getLogger(__name__)

FEW_TOKENS: Final = 4500
"""Text and image tokens up to which a graph is made: the pass without text at 1024 x 1024 is the
longest."""

Record = Callable[[Callable[[], Tensor]], Callable[[], Tensor]]
"""Turns work into a function that does it again as one launch."""

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


def recorder(device: torch.device, nbytes: int) -> Record:
    """Records for a GPU, all in the same memory: ``nbytes``, and more where that is too little.

    The first recording takes them at once. Taken piece by piece for short work, they would be in
    pieces that longer work does not fit into, and a pool gives nothing back.
    """
    pool: Any = None

    def record_in_pool(work: Callable[[], Tensor]) -> Callable[[], Tensor]:
        nonlocal pool
        if pool is not None:
            return record(work, device, pool)
        # torch lets go of a handle with the last recording in it: one that failed uses its own up.
        fresh = torch.cuda.graph_pool_handle()

        def take_and_work() -> Tensor:
            torch.empty(nbytes, dtype=torch.uint8, device=device)  # and given to the pool
            return work()

        replay = record(take_and_work, device, fresh)
        pool = fresh
        return replay

    return record_in_pool


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


class Recorded:
    """Work that is done as it is the first time, recorded the second, and replayed from then on.

    Kernels are compiled and tuned when they are first run, which no recording may contain. A
    result is overwritten by the next. Where the work cannot be recorded, a warning says why and it
    is done as it is from then on. ``warm`` work has been done before.
    """

    def __init__(self, work: Callable[..., Tensor], record: Record, *, warm: bool = False) -> None:
        self._work = work
        self._record: Record | None = record
        self._warm = warm
        self._inputs: tuple[Tensor, ...] = ()
        self._replay: Callable[[], Tensor] | None = None

    def __call__(self, *inputs: Tensor) -> Tensor:
        """The result of the work for these inputs, which have the same shapes at every call."""
        if self._replay is None and self._warm:
            self._try_to_record(inputs)
        if self._replay is None:
            result = self._work(*inputs)
            self._warm = True
            return result
        for still, given in zip(self._inputs, inputs, strict=True):
            still.copy_(given)
        return self._replay()

    def _try_to_record(self, inputs: tuple[Tensor, ...]) -> None:
        if self._record is None:
            return
        # Written on this stream, so allocated on it: whoever is given them next waits for that.
        self._inputs = tuple(each.clone() for each in inputs)
        try:
            self._replay = _find_room(self._record, partial(self._work, *self._inputs))
        except RuntimeError as error:
            self._record = None
            log.warning("launching kernel by kernel, since recording them failed: %s", error)


def _find_room(record: Record, work: Callable[[], Tensor]) -> Callable[[], Tensor]:
    """Record; where memory runs out, again without what is kept for tensors to come.

    A recording gets none of that.
    """
    with suppress(torch.OutOfMemoryError):
        return record(work)
    with _one_at_a_time:
        torch.cuda.empty_cache()
    return record(work)


class RecordedBranch:
    """A branch whose steps are recorded; a result is overwritten by the next step's."""

    def __init__(self, branch: Branch, record: Record) -> None:
        self._modulation = branch.modulation
        self._velocity = Recorded(partial(_velocity, branch), record)

    def velocity(self, z_BIC: Tensor, step: int) -> Tensor:
        """See ``Branch.velocity``."""
        return self._velocity(z_BIC, self._modulation.at(step).rows_BND)

    def begin(self, z_BIC: Tensor, step: int) -> Callable[[], Tensor]:
        """See ``NegativeBranch``."""
        return partial(self.velocity, z_BIC, step)


def _velocity(branch: Branch, z_BIC: Tensor, rows_BND: Tensor) -> Tensor:
    return replace(branch, modulation=Modulation(rows_BND)).velocity(z_BIC, 0)
