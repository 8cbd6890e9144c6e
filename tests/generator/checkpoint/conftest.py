from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file
from torch import Tensor

Tensors = dict[str, Tensor]
Edit = Callable[[str, Callable[[Tensors], Tensors]], None]


@pytest.fixture
def checkpoint(small_checkpoint: Path, tmp_path: Path) -> Path:
    """A copy of the small checkpoint to change at will."""
    return shutil.copytree(small_checkpoint, tmp_path / "model")


@pytest.fixture
def edit(checkpoint: Path) -> Edit:
    """Rewrite the tensors of a folder's single file: ``edit("vae", change)``."""

    def rewrite(folder: str, change: Callable[[Tensors], Tensors]) -> None:
        (path,) = (checkpoint / folder).glob("*.safetensors")
        save_file(change(load_file(path)), path)

    return rewrite
