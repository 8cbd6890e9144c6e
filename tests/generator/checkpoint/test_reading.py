"""Reading straight into place gives what mapping the files gives, to the bit."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from generator.checkpoint import Networks, Part, Placing, open_checkpoint
from generator.checkpoint import reading as reading_module
from generator.checkpoint.reading import read_tensors
from generator.checkpoint.transfer import allot
from generator.errors import CheckpointError

CPU = torch.device("cpu")


def state(network: nn.Module) -> dict[str, Tensor]:
    return {name: tensor.clone() for name, tensor in network.state_dict().items()}


def assert_same(left: nn.Module, right: nn.Module) -> None:
    ours, theirs = state(left), state(right)
    assert ours.keys() == theirs.keys()
    for name, tensor in ours.items():
        assert tensor.dtype == theirs[name].dtype, name
        assert torch.equal(tensor.view(torch.uint8), theirs[name].view(torch.uint8)), name


def read(folder: Path, dtype: torch.dtype) -> Networks:
    """All networks by way of ``read_tensors``, which the CPU does not take by itself."""
    checkpoint = open_checkpoint(folder)
    networks = checkpoint.load(CPU, dtype)
    for part, network in networks.by_part():
        transfers = allot(
            network,
            checkpoint.fills[part],
            dtype,
            lambda _, shape, stored: torch.empty(shape, dtype=stored),
        )
        read_tensors(transfers, CPU)
    return networks


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("piece", [7, 1 << 20])
def test_read_weights_are_the_mapped_ones(
    small_checkpoint: Path, dtype: torch.dtype, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_module, "PIECE_BYTES", piece)
    mapped = dict(open_checkpoint(small_checkpoint).load(CPU, dtype).by_part())
    for part, network in read(small_checkpoint, dtype).by_part():
        assert_same(network, mapped[part])


def test_a_file_that_shrinks_meanwhile_is_named(checkpoint: Path) -> None:
    opened = open_checkpoint(checkpoint)
    path = checkpoint / "transformer" / "diffusion_pytorch_model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    streamed = Placing({Part.TRANSFORMER: frozenset({0})})
    with pytest.raises(CheckpointError, match=r"diffusion_pytorch_model.*has become shorter"):
        opened.load(CPU, torch.float32, placing=streamed)


def test_a_file_that_goes_meanwhile_is_named(checkpoint: Path) -> None:
    opened = open_checkpoint(checkpoint)
    (checkpoint / "transformer" / "diffusion_pytorch_model.safetensors").unlink()
    streamed = Placing({Part.TRANSFORMER: frozenset({0})})
    with pytest.raises(CheckpointError, match=r"diffusion_pytorch_model.*cannot be read: No such"):
        opened.load(CPU, torch.float32, placing=streamed)


def test_networks_are_ready_one_by_one(small_checkpoint: Path) -> None:
    networks, loading = open_checkpoint(small_checkpoint).start(CPU, torch.float32)
    loading.wait(Part.TEXT_ENCODER)
    assert not any(p.is_meta for p in networks.text_encoder.parameters())
    loading.wait()
    for _, network in networks.by_part():
        assert not any(p.is_meta for p in network.parameters())
