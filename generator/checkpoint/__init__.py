"""Checkpoints: find, download, check, load and write. The only file and network access to weights.

``open_checkpoint`` reads headers and sizes only, and raises if anything would not fit; what it
returns can be asked about and then loaded.
"""

from __future__ import annotations

from generator.checkpoint.hub import DEFAULT_MODEL, cached, download
from generator.checkpoint.load import ON_DEVICE, Placing
from generator.checkpoint.loading import Loading
from generator.checkpoint.names import Part
from generator.checkpoint.networks import Networks
from generator.checkpoint.opened import Checkpoint, open_checkpoint

__all__ = [
    "DEFAULT_MODEL",
    "ON_DEVICE",
    "Checkpoint",
    "Loading",
    "Networks",
    "Part",
    "Placing",
    "cached",
    "download",
    "open_checkpoint",
]
