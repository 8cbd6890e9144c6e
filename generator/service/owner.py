"""End with the process that started this one, also when that is killed."""

from __future__ import annotations

import os
from collections.abc import Callable
from threading import Thread, Timer
from typing import Final

from promptkit.errors import ExitCode

GRACE_SECONDS: Final = 3.0
"""How long a step or a load may go on after everything else has ended."""
STDIN: Final = 0


class OwnerWatch(Thread):
    """Waits for standard input to be closed, which the system does for an owner that is gone.

    Started before anything slow, so that neither a download nor a load outlives its owner.
    """

    def __init__(self) -> None:
        super().__init__(name="owner", daemon=True)
        self.on_gone: Callable[[], None] | None = None
        """How to end in order; None as long as there is nothing to put in order."""

    def run(self) -> None:
        while os.read(STDIN, 1024):
            pass
        if self.on_gone is None:
            os._exit(ExitCode.OK)
        self.on_gone()
        # What takes longer is cut off: nobody is left to be told anything.
        end = Timer(GRACE_SECONDS, os._exit, [ExitCode.OK])
        end.daemon = True
        end.start()
