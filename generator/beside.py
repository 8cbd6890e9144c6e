"""The two passes of a step at the same time on one GPU, each on a stream of its own.

A pass is a chain: its small kernels leave most of the GPU idle while they begin and end, and the
last wave of a matrix product leaves some of it. What one pass leaves, the other one takes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final

import torch
from torch import Tensor

from generator.denoise import NegativeBranch

FIRST: Final = -1
"""Stream priority of the negative pass, above that of other streams: without text it is the shorter
pass, and ends beside the longer one instead of after it."""


class BesideBranch:
    """A negative branch whose steps run beside whatever is launched between question and answer.

    It reads tensors of the stream that asks and writes none of them, so that a step whose answer
    nobody waits for, because something else failed, does no harm: memory of one stream is given to
    nobody else, and the next question waits for all that was asked before.
    """

    def __init__(self, branch: NegativeBranch, device: torch.device) -> None:
        self._branch = branch
        self._device = device

    def begin(self, z_BIC: Tensor, step: int) -> Callable[[], Tensor]:
        """See ``NegativeBranch``."""
        current = torch.cuda.current_stream(self._device)
        stream = _side_stream(current)
        stream.wait_stream(current)
        with torch.cuda.stream(stream):
            v_BIC = self._branch.begin(z_BIC, step)()

        def answer() -> Tensor:
            current.wait_stream(stream)
            return v_BIC

        return answer


def beside(branch: NegativeBranch, device: torch.device) -> NegativeBranch:
    """The branch on a stream of its own where the device has streams."""
    return BesideBranch(branch, device) if device.type == "cuda" else branch


@cache
def _side_stream(current: torch.cuda.Stream) -> torch.cuda.Stream:
    """One for each stream that asks: the allocator keeps memory of its own for each stream."""
    return torch.cuda.Stream(current.device, priority=FIRST)  # type: ignore[no-untyped-call]
