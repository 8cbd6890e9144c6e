"""The Triton kernels in Triton's interpreter, beside the plain primitives."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys

import pytest

# "decoding" runs the whole network, whose differences are those of its layers together.
TOLERANCES = {"decoding": 1e-4, "decoding_in_strips": 1e-4}


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("triton") is None, reason="Triton is not installed")
def test_every_kernel_does_what_plain_torch_does() -> None:
    # Triton decides at its import whether it interprets, so this needs a process of its own.
    run = subprocess.run(
        [sys.executable, "-m", "tests.generator.picture.cases", "cpu"],
        env={**os.environ, "TRITON_INTERPRET": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    differences = json.loads(run.stdout)
    assert len(differences) == 12
    wrong = {n: d for n, d in differences.items() if not d < TOLERANCES.get(n, 1e-5)}
    assert not wrong
