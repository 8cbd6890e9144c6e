"""Read many tensors at once, straight to where they belong.

One thread reads the page cache at a few GB/s, and a copy from ordinary memory to a GPU goes through
one more copy in the driver. So several threads read, each into page-locked memory, from where the
GPU fetches the bytes by itself while the thread reads on.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Final

import torch
from torch import Tensor

from generator.checkpoint.transfer import Transfer
from generator.errors import CheckpointError

PIECE_BYTES: Final = 16 << 20
MAX_THREADS: Final = 16


@dataclass(frozen=True)
class Piece:
    """A part of a file and the bytes in memory that take it."""

    path: Path
    offset: int
    target: Tensor
    """uint8, one-dimensional, contiguous."""


def read_tensors(transfers: Iterable[Transfer], device: torch.device) -> None:
    """Fill the targets, which are in main memory or on ``device``; returns when all is there.

    Raises CheckpointError for a file that cannot be read or has become shorter.
    """
    pieces: list[Piece] = []
    converted: list[tuple[Transfer, Tensor]] = []
    for transfer in transfers:
        source, target = transfer.source, transfer.target
        if transfer.is_plain:
            raw = target.reshape(-1).view(torch.uint8)
        else:
            raw = torch.empty(source.info.nbytes, dtype=torch.uint8, device=target.device)
            converted.append((transfer, raw))
        pieces.extend(_cut(source.path, source.info.offset, raw))
    threads = min(MAX_THREADS, os.cpu_count() or 1)
    if device.type == "cuda":
        _read_through(pieces, device, threads)
    else:
        _in_threads(_read, pieces, threads)
    for transfer, raw in converted:
        transfer.convert(raw)


def _cut(path: Path, offset: int, target: Tensor) -> Iterator[Piece]:
    for start in range(0, target.numel(), PIECE_BYTES):
        yield Piece(path, offset + start, target[start : start + PIECE_BYTES])


def _read_through(pieces: list[Piece], device: torch.device, threads: int) -> None:
    """Read pieces of main memory directly, and those of the GPU through page-locked buffers."""
    stream = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
    # The targets may lie where earlier work on the device has not ended yet.
    stream.wait_stream(torch.cuda.current_stream(device))
    free: SimpleQueue[tuple[Tensor, torch.cuda.Event]] = SimpleQueue()
    with torch.cuda.device(device):
        for _ in range(2 * threads):
            buffer = torch.empty(PIECE_BYTES, dtype=torch.uint8, pin_memory=True)
            free.put((buffer, torch.cuda.Event()))  # type: ignore[no-untyped-call]

    def read(piece: Piece) -> None:
        if not piece.target.is_cuda:
            _read(piece)
            return
        buffer, fetched = free.get()
        try:
            fetched.synchronize()
            part = buffer[: piece.target.numel()]
            _read(Piece(piece.path, piece.offset, part))
            with torch.cuda.stream(stream):
                piece.target.copy_(part, non_blocking=True)
                fetched.record()
        finally:
            free.put((buffer, fetched))

    try:
        _in_threads(read, pieces, threads)
    finally:
        stream.synchronize()


def _in_threads(read: Callable[[Piece], None], pieces: list[Piece], threads: int) -> None:
    """Read all pieces in about their order; the first error ends it."""
    with ThreadPoolExecutor(threads, thread_name_prefix="weights") as pool:
        try:
            for _ in pool.map(read, pieces):
                pass
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _read(piece: Piece) -> None:
    view, done = piece.target.numpy().data, 0
    try:
        # A handle of its own for each piece: threads that share one share its position, too.
        with piece.path.open("rb", buffering=0) as file:
            file.seek(piece.offset)
            while done < len(view):
                count = file.readinto(view[done:])
                if not count:
                    raise CheckpointError(f"{piece.path}: has become shorter while it was read")
                done += count
    except OSError as error:
        raise CheckpointError(f"{piece.path}: cannot be read: {error.strerror}") from error
