"""The command line: ``main(argv) -> exit code``, and nothing else that ends the process.

stdout is data, stderr is talk. ``promptkit.errors.ExitCode`` lists the exit codes.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress

from promptkit.cli import console
from promptkit.errors import ExitCode, PromptkitError


def entry() -> None:
    """The console script."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by the caller, as in `promptkit lint 2>&-`
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        elif hasattr(stream, "reconfigure"):
            # Captions are UTF-8 whatever the terminal's encoding; file names may be no text at all.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    # Trees of captions refer to their parents, so that the collector alone can free them; at its
    # own pace it would look at the same living objects again and again, an eighth of the time.
    gc.set_threshold(20_000, 20, 100)
    sys.exit(main(sys.argv[1:]))


def main(argv: list[str]) -> ExitCode:
    """Run a command; whatever the user can have done wrong ends in a message and an exit code."""
    try:
        code = _run(argv)
        sys.stdout.flush()
    except KeyboardInterrupt:
        console.talk("promptkit: interrupted")
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has had enough; Python must not complain about it at its end.
        _discard_stdout()
        return ExitCode.FINDINGS
    except OSError as error:
        console.talk(f"promptkit: {console.describe(error)}")
        _discard_stdout()
        return ExitCode.USAGE
    return code


def _run(argv: list[str]) -> ExitCode:
    from promptkit.cli.dispatch import run  # noqa: PLC0415 - here, so that Ctrl+C is handled

    try:
        return run(argv)
    except PromptkitError as error:
        console.talk(f"promptkit: {error}")
        return error.exit_code


def _discard_stdout() -> None:
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
