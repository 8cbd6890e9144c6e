from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from generator.pipeline import Ideogram4Pipeline
from generator.testing import write_small_checkpoint


@pytest.fixture(scope="session")
def small_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete random checkpoint. Shared: copy it before changing anything in it."""
    return write_small_checkpoint(tmp_path_factory.mktemp("checkpoint"))


@pytest.fixture(scope="session")
def pipeline(small_checkpoint: Path) -> Ideogram4Pipeline:
    """The small checkpoint in fp32 on the CPU."""
    return Ideogram4Pipeline.from_pretrained(
        small_checkpoint, device="cpu", torch_dtype=torch.float32
    )


@pytest.fixture(autouse=True)
def _seeded() -> Iterator[None]:
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(0)
        yield
