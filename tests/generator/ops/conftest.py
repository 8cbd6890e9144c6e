"""The kernels run on a GPU where there is one, otherwise in Triton's interpreter.

The interpreter is chosen when a kernel is defined, so the switch is set before any is imported.
"""

from __future__ import annotations

import os

import pytest
import torch

if not torch.cuda.is_available():
    os.environ["TRITON_INTERPRET"] = "1"


@pytest.fixture(scope="session")
def device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


@pytest.fixture
def noise(device: torch.device) -> torch.Generator:
    return torch.Generator(device).manual_seed(7)
