from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from generator.checkpoint.header import TensorInfo, read_header
from generator.errors import CheckpointError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "model.safetensors"
    weights = {"a": torch.zeros(2, 3), "b": torch.zeros(4).to(torch.float8_e4m3fn)}
    save_file(weights, path, metadata={"model_type": "x"})
    return path


def with_header(path: Path, header: object, data: bytes = b"") -> Path:
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)
    return path


def test_header_of_a_good_file(path: Path) -> None:
    file = read_header(path)
    first, second = file.tensors["a"].offset, file.tensors["b"].offset
    assert (first, second) == (path.stat().st_size - 28, path.stat().st_size - 4)
    assert file.tensors == {
        "a": TensorInfo("F32", (2, 3), first),
        "b": TensorInfo("F8_E4M3", (4,), second),
    }
    assert file.tensors["a"].nbytes == 24
    assert file.metadata == {"model_type": "x"}


@pytest.mark.parametrize("cut", [1, 20])
def test_a_file_cut_short_names_file_and_tensor(path: Path, cut: int) -> None:
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(CheckpointError, match=r"model\.safetensors: truncated: [ab] ends at"):
        read_header(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a safetensors file"),
        (b"\x80\x04pickled and long enough", "not a safetensors file"),
        ((500).to_bytes(8, "little") + b"{}", "ends inside its header"),
        ((2).to_bytes(8, "little") + b"{x", "not JSON"),
        ((2).to_bytes(8, "little") + b"[]", "not a JSON object"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match=message):
        read_header(path)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}, "does not fill its byte range"),
        ({"dtype": "F32", "shape": [2]}, "unreadable header entry"),
        ({"dtype": "F3", "shape": [2], "data_offsets": [0, 8]}, "unreadable header entry"),
        ("F32", "unreadable header entry"),
    ],
)
def test_an_entry_that_contradicts_itself(tmp_path: Path, entry: object, message: str) -> None:
    path = with_header(tmp_path / "x.safetensors", {"w": entry}, bytes(8))
    with pytest.raises(CheckpointError, match=f"x.safetensors: w: .*{message}"):
        read_header(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="cannot be read"):
        read_header(tmp_path / "none.safetensors")
