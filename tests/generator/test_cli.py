"""What ``python -m generator`` says where the extra is not installed."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(("module", "code"), [("huggingface_hub", 3), ("generator.checkpoint", 1)])
def test_a_missing_package_is_named_and_a_broken_installation_is_not_hidden(
    module: str, code: int
) -> None:
    script = (
        f"import sys; sys.modules['{module}'] = None\n"
        "from generator.cli import main; sys.exit(main(['pull', 'someone/something']))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert run.returncode == code
    told = "error: the generator cannot run here (huggingface_hub is not installed); `pip install"
    assert run.stderr.startswith(told) == (code == 3)
    assert ("Traceback" in run.stderr) == (code == 1)
