"""Blocks that visit the device compute what blocks that live there compute."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from generator.checkpoint import ON_DEVICE, Part, Placing, open_checkpoint
from generator.checkpoint.networks import Sizes
from generator.config import TransformerConfig
from generator.denoise import Branch, make_branch
from generator.model.layers import Linear
from generator.model.transformer import Transformer
from generator.packing import pack
from generator.parity import numerics
from generator.streaming import BlockStream, make_home, streamed_names
from generator.testing import SMALL, write_small_checkpoint

CPU = torch.device("cpu")
GRID = (3, 4)
LAYERS = 5


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    config = SMALL.transformer
    deep = TransformerConfig(**{**vars(config), "num_layers": LAYERS})
    sizes = Sizes(deep, SMALL.text_encoder, SMALL.autoencoder)
    return write_small_checkpoint(tmp_path_factory.mktemp("deep"), sizes=sizes)


def branch(folder: Path, placing: Placing) -> Branch:
    network = open_checkpoint(folder).load(CPU, torch.float32, placing=placing).transformer
    text = torch.sin(torch.arange(6.0 * network.config.hidden_size)).reshape(1, 6, -1)
    positions = pack(range(6), GRID).positions_L3
    return make_branch(network, text, positions, (0.1, 0.6), numerics("recommended"))


@pytest.mark.parametrize("streamed", [{2}, {0, 1}, {1, 3, 4}, set(range(LAYERS))])
def test_the_velocity_is_the_same(folder: Path, streamed: set[int]) -> None:
    z = torch.randn(1, 12, SMALL.transformer.in_channels)
    resident = branch(folder, ON_DEVICE)
    visiting = branch(folder, Placing({Part.TRANSFORMER: frozenset(streamed)}))
    with torch.inference_mode():
        for step in (0, 1):
            assert torch.equal(visiting.velocity(z, step), resident.velocity(z, step))


def test_text_features_are_the_same(folder: Path) -> None:
    checkpoint = open_checkpoint(folder)
    ids = torch.tensor([[5, 9, 300, 7]])
    every = frozenset(range(4))
    streamed = checkpoint.load(CPU, torch.float32, placing=Placing({Part.TEXT_ENCODER: every}))
    resident = checkpoint.load(CPU, torch.float32)
    with torch.inference_mode():
        assert torch.equal(streamed.text_encoder(ids), resident.text_encoder(ids))


def test_only_the_matrices_of_attention_and_mlp_travel() -> None:
    block = Transformer(SMALL.transformer).layers[0]
    assert streamed_names(block) == [
        "attention.qkv.weight",
        "attention.o.weight",
        "feed_forward.w13.weight",
        "feed_forward.w2.weight",
    ]


class Watched(nn.Module):
    """A block that notes where its matrix is while it computes."""

    def __init__(self, value: float) -> None:
        super().__init__()
        self.inner = nn.Sequential(Linear(2, 2))
        nn.init.constant_(self.inner[0].get_parameter("weight"), value)
        self.value = value
        self.seen: list[int] = []

    def forward(self, fail: bool = False) -> None:
        weight = self.inner[0].get_parameter("weight")
        assert weight.flatten().tolist() == [self.value] * 4
        self.seen.append(weight.data_ptr())
        if fail:
            raise MemoryError


def watched_blocks(count: int) -> list[Watched]:
    blocks = [Watched(float(index)) for index in range(count)]
    homes = {}
    for index, block in enumerate(blocks):
        homes[index] = make_home(block, {"inner.0.weight": torch.float32})
        weight = block.get_parameter("inner.0.weight")
        view = homes[index].views(homes[index].buffer)["inner.0.weight"]
        weight.data = view.copy_(weight.data)
    BlockStream(blocks, homes, CPU)
    return blocks


def test_two_buffers_take_turns_and_are_given_back() -> None:
    blocks = watched_blocks(5)
    home = [block.get_parameter("inner.0.weight").data_ptr() for block in blocks]
    for block in blocks:
        block()
    places = [block.seen[0] for block in blocks]
    assert places[0] == places[2] == places[4]
    assert places[1] == places[3] != places[0]
    assert not set(places) & set(home)
    assert [block.get_parameter("inner.0.weight").data_ptr() for block in blocks] == home


def test_a_pass_that_was_broken_off_does_not_spoil_the_next() -> None:
    blocks = watched_blocks(4)
    blocks[0]()
    with pytest.raises(MemoryError):
        blocks[1](fail=True)
    for block in blocks:
        block()
