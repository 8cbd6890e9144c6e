from __future__ import annotations

from pathlib import Path

from generator.checkpoint import Part, open_checkpoint
from generator.memory import RUNTIME_BYTES, cost


def test_a_cost_is_the_weights_and_the_larger_of_two_peaks(small_checkpoint: Path) -> None:
    checkpoint = open_checkpoint(small_checkpoint)
    small, large = cost(checkpoint, 512, 512), cost(checkpoint, 2048, 2048)
    assert small.weights == sum(checkpoint.nbytes(part) for part in Part)
    assert large.weights == small.weights
    assert large.activations > 4 * small.activations > 0
    assert large.total == large.weights + large.activations + RUNTIME_BYTES


def test_without_the_unconditional_transformer_it_is_less(small_checkpoint: Path) -> None:
    checkpoint = open_checkpoint(small_checkpoint)
    saved = cost(checkpoint, 512, 512).weights
    saved -= cost(checkpoint, 512, 512, unconditional=False).weights
    assert saved == checkpoint.nbytes(Part.UNCONDITIONAL)
