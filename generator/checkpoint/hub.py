"""Bring a checkpoint from the Hugging Face hub, through its own cache and progress bars."""

from __future__ import annotations

import errno
from pathlib import Path

from huggingface_hub import snapshot_download
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
)

from generator.checkpoint.names import Part
from generator.errors import CheckpointError

DEFAULT_MODEL = "ideogram-ai/ideogram-4-fp8"
SEE_DOCTOR = "`promptkit doctor` says what is missing"


def download(model_id: str, *, unconditional: bool = True) -> Path:
    """The folder of a hub checkpoint, fetched as far as it is not in the cache already.

    Only safetensors, JSON and the licence are fetched: no pickles and no code.
    """
    wanted = [part.value for part in Part if unconditional or part is not Part.UNCONDITIONAL]
    patterns = [f"{folder}/*{suffix}" for folder in wanted for suffix in (".json", ".safetensors")]
    patterns += ["model_index.json", "tokenizer/*.json", "LICENSE*"]
    try:
        return Path(snapshot_download(model_id, allow_patterns=patterns))
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
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise CheckpointError(
                f"{model_id}: the disk is full; the whole checkpoint takes about 28 GB, and the "
                "environment variable HF_HOME moves the cache"
            ) from error
        raise CheckpointError(f"{model_id}: the download failed: {error}") from error
