"""Names of models, and which one is used when none is named."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from huggingface_hub import snapshot_download
from huggingface_hub.errors import LocalEntryNotFoundError

from generator.checkpoint import DEFAULT_MODEL, Checkpoint, open_checkpoint
from generator.errors import CheckpointError

DRAFT: Final = "draft"
"""The small bundled model: quick layouts on any machine, not pictures to publish."""
DRAFT_FOLDER: Final = Path(__file__).parent / "draft" / "checkpoint"

PULL: Final = "python -m generator pull"
"""The command that downloads the published model."""


@dataclass(frozen=True)
class Model:
    """A checkpoint that can be loaded, under the name that jobs use."""

    name: str
    checkpoint: Checkpoint
    note: str = ""
    """Why it was chosen, where nobody named it and it is not the published one."""


def open_model(name: str | None, *, cuda: bool, unconditional: bool = True) -> Model:
    """Find a model and check it as far as headers tell.

    ``name`` is ``draft``, a folder or a hub id. Without one it is the published model where that
    can run, and otherwise the draft model, with a note that says so. Raises CheckpointError.
    """
    if name is None:
        return _choose(cuda, unconditional)
    if name == DRAFT:
        return Model(DRAFT, _open_draft(unconditional))
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
    return Model(DRAFT, _open_draft(unconditional), f"using the small draft model: {reason}")


def _open_draft(unconditional: bool) -> Checkpoint:
    if not DRAFT_FOLDER.is_dir():
        raise CheckpointError(
            f"{DRAFT_FOLDER}: the draft model is not installed; install promptkit again, or "
            "name a model with --model"
        )
    return open_checkpoint(DRAFT_FOLDER, unconditional=unconditional)


def cached(model_id: str) -> Path | None:
    """The folder of a hub model on this machine, complete or not, without asking the network."""
    try:
        return Path(snapshot_download(model_id, local_files_only=True))
    except LocalEntryNotFoundError:
        return None
