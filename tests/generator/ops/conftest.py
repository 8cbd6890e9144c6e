"""The kernels run on a GPU where there is one, otherwise in Triton's interpreter.

The interpreter is chosen when a kernel is defined, so the switch is set before any is imported.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from typing import Any

import pytest
import torch


def _let_loops_end() -> None:
    """Make numbers of Triton 3.6's interpreter bounds of loops, as 3.7 does: numpy takes an array
    of one number for no integer."""
    interpreter: Any = importlib.import_module("triton.runtime.interpreter")
    patch = interpreter._patch_lang_tensor

    def patched(tensor: Any, scope: Any) -> None:
        patch(tensor, scope)
        scope.set_attr(tensor, "__index__", lambda self: int(self.handle.data.squeeze()))

    interpreter._patch_lang_tensor = patched


if not torch.cuda.is_available():
    os.environ["TRITON_INTERPRET"] = "1"
    if importlib.util.find_spec("triton") is not None:
        _let_loops_end()


@pytest.fixture(scope="session")
def device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


@pytest.fixture
def noise(device: torch.device) -> torch.Generator:
    return torch.Generator(device).manual_seed(7)
