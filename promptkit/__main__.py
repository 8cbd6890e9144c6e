"""``python -m promptkit``: the same as the ``promptkit`` command."""

from __future__ import annotations

from promptkit.cli import entry

if __name__ == "__main__":
    entry()
