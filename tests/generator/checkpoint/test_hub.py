"""What a failed download says. No network: the hub's client is replaced."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
)

from generator.checkpoint import hub, open_checkpoint
from generator.errors import CheckpointError

RESPONSE: Any = Mock(headers={}, status_code=403)


BROKEN_OFF = hub.TRANSPORT_ERROR("")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (GatedRepoError("gated", response=RESPONSE), r"accept it at https://huggingface\.co/a/b"),
        (RepositoryNotFoundError("none", response=RESPONSE), "no such repository on the hub"),
        (LocalEntryNotFoundError("offline"), "the hub cannot be reached"),
        (HfHubHTTPError("503", response=RESPONSE), "the hub refused the download"),
        (OSError(errno.ENOSPC, "full"), "the disk is full; the whole checkpoint takes about 28 GB"),
        (OSError(errno.EACCES, "denied"), "the download failed: .*denied"),
        (BROKEN_OFF, "the download failed: HTTPError; the same command goes on"),
        (RuntimeError("chunk 7: reset by peer"), "the download failed: chunk 7"),
    ],
)
def test_failures_say_what_to_do(
    monkeypatch: pytest.MonkeyPatch, error: Exception, message: str
) -> None:
    def refuse(*_args: Any, **_kwargs: Any) -> str:
        raise error

    monkeypatch.setattr(hub, "snapshot_download", refuse)
    with pytest.raises(CheckpointError, match=f"^a/b: .*{message}"):
        hub.download("a/b")


def test_neither_a_folder_nor_a_repository() -> None:
    with pytest.raises(CheckpointError, match="no folder here, and no such repository"):
        open_checkpoint("no/such/folder")


@pytest.mark.parametrize(
    ("name", "words"), [("drft", "did you mean 'draft'"), ("weights", "the small model .* 'draft'")]
)
def test_a_name_that_is_none_of_the_hub_asks_no_hub(
    monkeypatch: pytest.MonkeyPatch, name: str, words: str
) -> None:
    monkeypatch.setattr(hub, "snapshot_download", Mock(side_effect=AssertionError))
    with pytest.raises(CheckpointError, match=f"^{name}: no folder here, .* OWNER/NAME; {words}"):
        hub.download(name)


@pytest.mark.parametrize("unconditional", [True, False])
def test_only_safe_files_of_the_wanted_parts(
    monkeypatch: pytest.MonkeyPatch, unconditional: bool
) -> None:
    asked: dict[str, Any] = {}

    def fetch(model_id: str, **kwargs: Any) -> str:
        asked.update(kwargs, model_id=model_id)
        return "/somewhere"

    monkeypatch.setattr(hub, "snapshot_download", fetch)
    assert hub.download("a/b", unconditional=unconditional) == Path("/somewhere")
    patterns = asked["allow_patterns"]
    assert asked["model_id"] == "a/b"
    assert ("unconditional_transformer/*.safetensors" in patterns) is unconditional
    assert "tokenizer/*.json" in patterns
    assert all(p.endswith((".json", ".safetensors")) or p == "LICENSE*" for p in patterns)


def _hub_cache(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache that holds a snapshot of a/b; the snapshot."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(root))
    commit = "0" * 40
    snapshot = root / "models--a--b" / "snapshots" / commit
    snapshot.mkdir(parents=True)
    reference = root / "models--a--b" / "refs" / "main"
    reference.parent.mkdir()
    reference.write_text(commit)
    return snapshot


def test_the_cache_is_asked_without_the_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = _hub_cache(tmp_path, monkeypatch)
    assert hub.cached("a/b") == snapshot
    for name in ("nobody/nothing-of-the-kind", "./no-folder", "a/b/c"):
        assert hub.cached(name) is None


def test_a_snapshot_without_the_files_that_are_not_wanted_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    class PartError(LocalEntryNotFoundError):
        snapshot_path = str(tmp_path)

    def look(_: str, *, allow_patterns: list[str], local_files_only: bool) -> str:
        assert local_files_only
        asked.append(allow_patterns)
        raise PartError("some files are missing")

    monkeypatch.setattr(hub, "snapshot_download", look)
    # A part is told by what opens it, which names the file; it must not be taken for nothing.
    assert hub.cached("a/b") == tmp_path

    def fetch(_: str, *, allow_patterns: list[str]) -> str:
        asked.append(allow_patterns)
        return str(tmp_path)

    monkeypatch.setattr(hub, "snapshot_download", fetch)
    hub.download("a/b")
    assert asked[0] == asked[1]
