from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from generator.encoding import PromptEncoder, prompt_encoder
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


@pytest.fixture
def prompts_recorded(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each prompt encoder that is made is to record, in order."""
    asked: list[bool] = []

    def encoder(*networks: Any, records: bool) -> PromptEncoder:
        asked.append(records)
        return prompt_encoder(*networks, records=records)

    for user in ("generator.pipeline", "generator.bench.around"):
        monkeypatch.setattr(f"{user}.prompt_encoder", encoder)
    return asked


@pytest.fixture(autouse=True)
def _seeded() -> Iterator[None]:
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(0)
        yield
