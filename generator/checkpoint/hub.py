"""Bring a checkpoint from the Hugging Face hub, through its own cache and progress bars."""

from __future__ import annotations

import errno
from pathlib import Path

from huggingface_hub import errors, snapshot_download
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
)

from generator.checkpoint.names import Part
from generator.errors import CheckpointError
from promptkit.suggestion import suggestion

DEFAULT_MODEL = "ideogram-ai/ideogram-4-fp8"
SEE_DOCTOR = "`promptkit doctor` says what is missing"

TRANSPORT_ERROR: type[Exception] = vars(errors).get("HTTPError", HfHubHTTPError)
"""What the client's HTTP library raises when a connection breaks off; it has changed libraries."""


def download(model_id: str, *, unconditional: bool = True) -> Path:
    """The folder of a hub checkpoint, fetched as far as it is not in the cache already.

    Only safetensors, JSON and the licence are fetched: no pickles and no code.

    Raises:
        CheckpointError: where it cannot be had.
    """
    if "/" not in model_id:
        small = suggestion(model_id, ["draft"], "the small model that is shipped is 'draft'")
        raise CheckpointError(
            f"{model_id}: no folder here, and a repository on the hub is OWNER/NAME; {small}"
        )
    try:
        return Path(snapshot_download(model_id, allow_patterns=_patterns(unconditional)))
    except GatedRepoError as error:
        raise CheckpointError(
            f"{model_id}: its licence has not been accepted by this account: accept it at "
            f"https://huggingface.co/{model_id}, log in with `hf auth login` and try again; "
            f"{SEE_DOCTOR}"
        ) from error
    except (RepositoryNotFoundError, HFValidationError) as error:
        raise CheckpointError(
            f"{model_id}: no folder here, and no such repository on the hub (or a private one: "
            f"log in with `hf auth login`); {SEE_DOCTOR}"
        ) from error
    except LocalEntryNotFoundError as error:
        raise CheckpointError(
            f"{model_id}: not in the local cache, and the hub cannot be reached: connect to the "
            f"network once, or name a folder with the checkpoint; {SEE_DOCTOR}"
        ) from error
    except HfHubHTTPError as error:
        raise CheckpointError(f"{model_id}: the hub refused the download: {error}") from error
    # The client's faster way to download raises plain RuntimeErrors.
    except (OSError, TRANSPORT_ERROR, RuntimeError) as error:
        if getattr(error, "errno", None) == errno.ENOSPC:
            raise CheckpointError(
                f"{model_id}: the disk is full; the whole checkpoint takes about 28 GB, and the "
                "environment variable HF_HOME moves the cache"
            ) from error
        why = str(error) or type(error).__name__
        raise CheckpointError(
            f"{model_id}: the download failed: {why}; the same command goes on from there"
        ) from error


def cached(model_id: str) -> Path | None:
    """The folder of a hub checkpoint on this machine, complete or not, without the network.

    None if it is not there, or if there can be no repository of that name.
    """
    patterns = _patterns(unconditional=True)
    try:
        return Path(snapshot_download(model_id, allow_patterns=patterns, local_files_only=True))
    except HFValidationError:
        return None
    except LocalEntryNotFoundError as error:
        # The client tells a part of a snapshot from nothing at all by this attribute.
        part = getattr(error, "snapshot_path", None)
        return None if part is None else Path(part)


def _patterns(unconditional: bool) -> list[str]:
    wanted = [part.value for part in Part if unconditional or part is not Part.UNCONDITIONAL]
    patterns = [f"{folder}/*{suffix}" for folder in wanted for suffix in (".json", ".safetensors")]
    return [*patterns, "model_index.json", "tokenizer/*.json", "LICENSE*"]
