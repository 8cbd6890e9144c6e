"""What a training run leaves on disk on its way."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from generator.draft.scoring.sheet import load_sheet
from generator.draft.training.keep import GUIDANCE, Keeper
from generator.draft.training.sizes import build, tiny_sizes
from generator.draft.training.state import State, load_state, tokenizer_file
from generator.draft.training.stream import draft_tokenizer


@pytest.fixture
def state() -> State:
    torch.manual_seed(0)
    networks = build(tiny_sizes(draft_tokenizer(40).get_vocab_size()))
    weights = {
        f"{name}.{key}": parameter.detach()
        for name, network in networks.named().items()
        for key, parameter in network.named_parameters()
    }
    return State(weights, torch.zeros(128), torch.ones(128), steps=5)


def test_a_run_can_be_resumed_looked_at_and_scored(state: State, tmp_path: Path) -> None:
    tokenizer = draft_tokenizer(40)
    spare = build(tiny_sizes(tokenizer.get_vocab_size()))
    keeper = Keeper(tmp_path, tokenizer, spare, 1, scored=True)
    keeper.save_and_draw(state)
    keeper.wait()
    assert load_state(tmp_path).steps == 5
    assert tokenizer_file(tmp_path).is_file()
    assert len(load_sheet(tmp_path / f"sheet-{GUIDANCE[0]:g}.png", 256)) == 8
    for guidance in GUIDANCE:
        scores = (tmp_path / f"scores-{guidance:g}.log").read_text()
        assert scores.startswith(f"guidance {guidance:g}, after 5 steps")
        assert scores.count("model:") == 1
    assert not list(tmp_path.glob("unfinished*"))
