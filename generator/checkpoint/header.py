"""Read the header of a safetensors file and check it against the file, without reading weights.

The format: eight bytes with the header's length (little-endian), the header as JSON, then the
data. The header gives each tensor's dtype, shape and byte range within the data.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.errors import CheckpointError

MAX_HEADER_BYTES = 100_000_000
"""The format's own limit; a larger number means that the file is something else."""

BYTES_PER_ELEMENT = {
    "F64": 8, "F32": 4, "F16": 2, "BF16": 2, "F8_E4M3": 1, "F8_E5M2": 1,
    "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U64": 8, "U32": 4, "U16": 2, "U8": 1, "BOOL": 1,
}  # fmt: skip


@dataclass(frozen=True)
class TensorInfo:
    """One entry of a header."""

    dtype: str
    shape: tuple[int, ...]
    offset: int
    """Where the data begins, in bytes from the start of the file."""

    @property
    def nbytes(self) -> int:
        """Bytes of the data."""
        return math.prod(self.shape) * BYTES_PER_ELEMENT[self.dtype]


@dataclass(frozen=True)
class WeightFile:
    """A safetensors file whose header has been checked against its length."""

    path: Path
    tensors: Mapping[str, TensorInfo]
    metadata: Mapping[str, str]


def read_header(path: Path) -> WeightFile:
    """Raise CheckpointError if the file is not safetensors, is cut short or contradicts itself."""
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            if size < 8 or length > MAX_HEADER_BYTES:
                raise CheckpointError(f"{path}: not a safetensors file; {DOWNLOAD_AGAIN}")
            text = stream.read(length)
    except OSError as error:
        raise CheckpointError(f"{path}: cannot be read: {error.strerror}") from error
    if len(text) < length:
        raise CheckpointError(f"{path}: ends inside its header; {DOWNLOAD_AGAIN}")
    try:
        entries = json.loads(text)
    except ValueError as error:
        raise CheckpointError(f"{path}: its header is not JSON; {DOWNLOAD_AGAIN}") from error
    if not isinstance(entries, dict):
        raise CheckpointError(f"{path}: its header is not a JSON object; {DOWNLOAD_AGAIN}")
    metadata = entries.pop("__metadata__", {})
    tensors = {name: _entry(path, name, entry, 8 + length, size) for name, entry in entries.items()}
    return WeightFile(path, tensors, metadata)


def _entry(path: Path, name: str, entry: Any, data: int, size: int) -> TensorInfo:
    """``data`` is where the data begins in the file, ``size`` is where the file ends."""
    try:
        begin, end = entry["data_offsets"]
        shape = tuple(int(n) for n in entry["shape"])
        info = TensorInfo(entry["dtype"], shape, data + begin)
        consistent = 0 <= begin <= end and end - begin == info.nbytes
    except (TypeError, KeyError, ValueError) as error:
        raise CheckpointError(
            f"{path}: {name}: unreadable header entry; {DOWNLOAD_AGAIN}"
        ) from error
    if not consistent:
        raise CheckpointError(
            f"{path}: {name}: {info.dtype} {list(info.shape)} does not fill its byte range "
            f"[{begin}, {end}]; {DOWNLOAD_AGAIN}"
        )
    if data + end > size:
        raise CheckpointError(
            f"{path}: truncated: {name} ends at data byte {end}, the file has {size - data}; "
            f"{DOWNLOAD_AGAIN}"
        )
    return info


DOWNLOAD_AGAIN = "delete the file and download it again"
