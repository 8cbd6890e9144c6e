"""The draft checkpoint: a small model of the same architecture, and everything that made it.

`world` draws procedural scenes and writes their captions, `tokens` reads captions, `training` fits
the weights, `scoring` measures them. Nothing here is needed to run the model except `folder`.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["folder"]


def folder() -> Path:
    """Where the bundled checkpoint lies, in the folder layout of the official one."""
    return Path(__file__).parent / "checkpoint"
