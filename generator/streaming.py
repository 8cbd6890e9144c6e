"""Networks whose large matrices stay in main memory and visit the GPU one block at a time.

While one block computes, the next one's matrices are copied by the GPU itself, over two buffers on
the device that take turns. Hooks around each block do it, so a network does not know of it.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import torch
from torch import Tensor, nn

from generator.errors import DeviceError

ALIGNMENT: Final = 256
"""Bytes to which each matrix of a block is aligned, as an allocation of its own would be."""


def travels(name: str, rank: int) -> bool:
    """Whether a block's parameter of this name visits the device: matrices of attention and MLP.

    What hangs at the block itself stays there: it is small, and some of it is used outside of the
    block's turn.
    """
    return rank == 2 and name.count(".") >= 2


def streamed_names(block: nn.Module) -> list[str]:
    """The parameters of a block that visit the device, by their names in the block."""
    return [name for name, value in block.named_parameters() if travels(name, value.dim())]


@dataclass(frozen=True)
class Home:
    """The main memory that a block's matrices live in, and where in it each one is."""

    buffer: Tensor
    """uint8, one-dimensional."""
    layout: Mapping[str, tuple[int, torch.Size, torch.dtype]]
    """First byte, shape and dtype by name."""

    def views(self, buffer: Tensor) -> dict[str, Tensor]:
        """The matrices in ``buffer``, which is laid out like this home's own."""
        return {
            name: buffer[begin : begin + shape.numel() * dtype.itemsize].view(dtype).view(shape)
            for name, (begin, shape, dtype) in self.layout.items()
        }


def make_home(block: nn.Module, dtypes: Mapping[str, torch.dtype]) -> Home:
    """Main memory, yet to be filled, for the block's matrices that ``dtypes`` names."""
    layout, end = {}, 0
    for name, dtype in dtypes.items():
        begin, shape = -(-end // ALIGNMENT) * ALIGNMENT, block.get_parameter(name).shape
        layout[name] = (begin, shape, dtype)
        end = begin + shape.numel() * dtype.itemsize
    return Home(torch.empty(end, dtype=torch.uint8), layout)


class _Slot:
    """A buffer on the device that blocks visit in turn."""

    def __init__(self, nbytes: int, device: torch.device) -> None:
        self.buffer = torch.empty(nbytes, dtype=torch.uint8, device=device)
        self.copied = _event(device)
        self.used = _event(device)


def _event(device: torch.device) -> torch.cuda.Event | None:
    if device.type != "cuda":
        return None
    return torch.cuda.Event()  # type: ignore[no-untyped-call]


class BlockStream:
    """Brings the blocks that have a home to ``device`` for their turn.

    The parameters' storage must be in the homes; it is again after each turn. A pass begins with
    the first of ``blocks`` and takes all of them in order. Of all streamed blocks two at most are
    on the device, and none between passes.
    """

    def __init__(
        self, blocks: Sequence[nn.Module], homes: Mapping[int, Home], device: torch.device
    ) -> None:
        self._visits = [(blocks[index], homes[index]) for index in sorted(homes)]
        self._largest = max(home.buffer.nbytes for _, home in self._visits)
        self._device = device
        self._stream: torch.cuda.Stream | None = None
        self._slots: list[_Slot] = []
        if device.type == "cuda":
            self._stream = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
            for _, home in self._visits:
                _lock_pages(home.buffer, self)
        blocks[0].register_forward_pre_hook(self._open)
        for turn, (block, _) in enumerate(self._visits):
            block.register_forward_pre_hook(partial(self._enter, turn))
            block.register_forward_hook(partial(self._leave, turn))

    def _open(self, *_: Any) -> None:
        """Begin a pass: start to bring the first two blocks."""
        if self._stream is not None:
            current = torch.cuda.current_stream(self._device)
            # A pass that was broken off may still be copying into the buffers given back here.
            current.wait_stream(self._stream)
            self._slots = []
            self._stream.wait_stream(current)
        with torch.inference_mode(mode=False):
            self._slots = [_Slot(self._largest, self._device) for _ in range(2)]
        for turn in range(min(2, len(self._visits))):
            self._fetch(turn)

    def _fetch(self, turn: int) -> None:
        """Start to copy a block into its buffer, behind the last use of that."""
        home, slot = self._visits[turn][1], self._slots[turn % 2]
        target = slot.buffer[: home.buffer.nbytes]
        if self._stream is None or slot.copied is None or slot.used is None:
            target.copy_(home.buffer)
            return
        self._stream.wait_event(slot.used)
        with torch.cuda.stream(self._stream):
            target.copy_(home.buffer, non_blocking=True)
            slot.copied.record()

    def _enter(self, turn: int, *_: Any) -> None:
        """Have the computation wait for the block, and the block use its buffer."""
        slot = self._slots[turn % 2]
        if slot.copied is not None:
            torch.cuda.current_stream(self._device).wait_event(slot.copied)
        self._bind(turn, slot.buffer)

    def _leave(self, turn: int, *_: Any) -> None:
        """Give the buffer to the block after the next; the last turn gives both back."""
        slot = self._slots[turn % 2]
        self._bind(turn, self._visits[turn][1].buffer)
        if slot.used is not None:
            slot.used.record(torch.cuda.current_stream(self._device))
        if turn + 2 < len(self._visits):
            self._fetch(turn + 2)
        elif turn + 1 == len(self._visits):
            self._slots = []

    def _bind(self, turn: int, buffer: Tensor) -> None:
        block, home = self._visits[turn]
        for name, view in home.views(buffer).items():
            block.get_parameter(name).data = view


def keep_in_main_memory(embedding: nn.Embedding, device: torch.device) -> None:
    """Have a table that is not on ``device`` looked up where it is, and the rows sent there."""

    def fetch_ids(_: nn.Module, args: tuple[Tensor]) -> tuple[Tensor]:
        return (args[0].to(embedding.weight.device),)

    def send_rows(_: nn.Module, _args: tuple[Tensor], rows: Tensor) -> Tensor:
        return rows.to(device)

    embedding.register_forward_pre_hook(fetch_ids)
    embedding.register_forward_hook(send_rows)


def _lock_pages(buffer: Tensor, owner: object) -> None:
    """Have the GPU fetch from ``buffer`` by itself, for as long as ``owner`` exists.

    torch's own page-locked allocations are rounded up to powers of two, which would waste
    gigabytes here. Raises DeviceError where the system does not allow it.
    """
    runtime: Any = torch.cuda.cudart()  # type: ignore[no-untyped-call]
    address = buffer.data_ptr()
    code = int(runtime.cudaHostRegister(address, buffer.nbytes, 0))
    if code != 0:
        raise DeviceError(
            f"{buffer.nbytes >> 20} MiB of main memory cannot be page-locked (CUDA error {code}), "
            "which bringing weights to the GPU block by block needs: free main memory, or use a "
            "GPU that holds the model"
        )
    unlock = weakref.finalize(owner, _unlock_pages, address, buffer)
    unlock.atexit = False


def _unlock_pages(address: int, _buffer: Tensor) -> None:
    runtime: Any = torch.cuda.cudart()  # type: ignore[no-untyped-call]
    runtime.cudaHostUnregister(address)
