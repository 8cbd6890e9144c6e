"""Names of models, and which one is used when none is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from generator import draft
from generator.checkpoint import DEFAULT_MODEL, Checkpoint, cached, open_checkpoint
from generator.errors import CheckpointError
from promptkit.job import DRAFT_MODEL

DRAFT_DEFAULTS: Final[Mapping[str, Any]] = {
    "width": 256,
    "height": 256,
    "preset": "DRAFT_12",
}
"""What it was measured at; guidance sets in once most of the colours are settled."""

PULL: Final = "python -m generator pull"
"""The command that downloads the published model."""


@dataclass(frozen=True)
class Model:
    """A checkpoint that can be loaded, under the name that jobs use."""

    name: str
    checkpoint: Checkpoint
    note: str = ""
    """Why it was chosen, where nobody named it and it is not the published one."""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """Parameters of a job that suit it better than the general defaults."""


def open_model(name: str | None, *, cuda: bool, unconditional: bool = True) -> Model:
    """Find a model and check it as far as headers tell.

    ``name`` is ``draft``, a folder or a hub id. Without one it is the published model where that
    can run, and otherwise the draft model, with a note that says so. Raises CheckpointError.
    """
    if name is None:
        return _choose(cuda, unconditional)
    if name == DRAFT_MODEL:
        return _open_draft(unconditional)
    # A folder may stand anywhere, and where is nobody else's business; a record keeps its name.
    shown = Path(name).resolve().name if Path(name).is_dir() else name
    return Model(shown, open_checkpoint(name, unconditional=unconditional))


def _choose(cuda: bool, unconditional: bool) -> Model:
    if not cuda:
        reason = "there is no CUDA GPU here"
    elif (folder := cached(DEFAULT_MODEL)) is None:
        reason = f"{DEFAULT_MODEL} is not on this machine ({PULL} downloads it)"
    else:
        return Model(DEFAULT_MODEL, open_checkpoint(folder, unconditional=unconditional))
    return _open_draft(unconditional, f"using the small draft model: {reason}")


def _open_draft(unconditional: bool, note: str = "") -> Model:
    folder = draft.folder()
    if not folder.is_dir():
        raise CheckpointError(
            f"{folder}: the draft model is not there; install promptkit again, or name a model "
            "with --model"
        )
    return Model(
        DRAFT_MODEL, open_checkpoint(folder, unconditional=unconditional), note, DRAFT_DEFAULTS
    )
