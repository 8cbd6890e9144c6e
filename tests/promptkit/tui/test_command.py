"""``promptkit compose`` where it cannot draw."""

from __future__ import annotations

import subprocess
import sys


def test_without_a_terminal_it_says_so() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "promptkit", "compose"],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=60,
    )
    assert run.returncode == 2
    assert run.stderr.startswith("promptkit: compose: needs ")
