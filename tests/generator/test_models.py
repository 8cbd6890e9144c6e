from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator import models
from generator.checkpoint import DEFAULT_MODEL
from generator.errors import CheckpointError
from promptkit.job import Job


@pytest.fixture
def draft(small_checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for the bundled checkpoint."""
    folder = tmp_path / "checkpoint"
    shutil.copytree(small_checkpoint, folder)
    monkeypatch.setattr("generator.draft.folder", lambda: folder)
    return folder


@pytest.mark.usefixtures("draft")
def test_without_a_gpu_the_draft_model_is_used_and_it_says_so() -> None:
    model = models.open_model(None, cuda=False)
    assert model.name == "draft"
    assert model.note == "using the small draft model: there is no CUDA GPU here"
    assert models.open_model("draft", cuda=True).note == ""


@pytest.mark.usefixtures("draft")
def test_without_the_published_model_the_draft_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(models, "cached", lambda _: None)
    model = models.open_model(None, cuda=True)
    assert model.name == "draft"
    assert f"{DEFAULT_MODEL} is not on this machine" in model.note
    assert "python -m generator pull" in model.note


def test_a_gpu_and_the_published_model_go_together(
    small_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "cached", lambda _: small_checkpoint)
    model = models.open_model(None, cuda=True)
    assert (model.name, model.note) == (DEFAULT_MODEL, "")


def test_a_folder_is_called_by_its_name_alone(small_checkpoint: Path) -> None:
    model = models.open_model(str(small_checkpoint), cuda=False)
    assert model.name == small_checkpoint.name


def test_a_draft_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.draft.folder", lambda: tmp_path / "nothing")
    with pytest.raises(CheckpointError, match="the draft model is not there"):
        models.open_model("draft", cuda=False)


def test_the_draft_s_own_defaults_make_a_job() -> None:
    job = Job.of(prompt="x", **models.DRAFT_DEFAULTS)
    assert (job.width, job.steps, job.preset) == (256, 12, "DRAFT_12")
