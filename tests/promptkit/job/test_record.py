from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from promptkit.errors import UnreadableInputError
from promptkit.job import Job, Maker, Record, parse_record, png_bytes, read_record


def _record(job: Job) -> Record:
    maker = Maker(model="draft", model_hash="00ff", promptkit="0.1.0", torch="2.13", device="cpu")
    return Record(job=job, seed=77, made_by=maker)


def _saved(path: Path, record: Record) -> Path:
    path.write_bytes(png_bytes(Image.new("RGB", (64, 48), "teal"), record))
    return path


def test_a_picture_carries_its_record(tmp_path: Path) -> None:
    record = _record(Job(prompt='{"a":"日本語 é"}', negative_prompt="blur"))
    path = _saved(tmp_path / "a.png", record)
    assert read_record(path) == record
    with Image.open(path) as image:
        assert image.getpixel((5, 5)) == (0, 128, 128)


def test_the_job_to_repeat_has_the_seed_that_was_drawn() -> None:
    record = _record(Job(prompt="x", width=512))
    assert record.repeat == Job(prompt="x", width=512, seed=77)


def test_a_large_input_picture_survives(tmp_path: Path) -> None:
    # Readers cap the size of compressed text chunks at about a megabyte.
    picture = bytes(range(256)) * (3 << 12)
    record = _record(Job(prompt="x", input_image=picture, denoising_strength=0.5))
    assert read_record(_saved(tmp_path / "a.png", record)).job.input_image == picture


def test_a_later_version_may_say_more(tmp_path: Path) -> None:
    record = _record(Job(prompt="x"))
    text = record.model_dump_json().replace('"version":1', '"version":2,"mood":"good"')
    assert Record.model_validate_json(text).job == record.job


def test_a_plain_picture_has_none(tmp_path: Path) -> None:
    path = tmp_path / "plain.png"
    Image.new("RGB", (8, 8)).save(path)
    with pytest.raises(UnreadableInputError, match=r"plain\.png: carries no promptkit job"):
        read_record(path)


@pytest.mark.parametrize("keep", [0, 7, 60, -20])
def test_a_cut_short_picture_is_not_taken_for_a_whole_one(tmp_path: Path, keep: int) -> None:
    path = _saved(tmp_path / "a.png", _record(Job(prompt="x")))
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(UnreadableInputError, match=r"a\.png"):
        read_record(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match="gone"):
        read_record(tmp_path / "gone.png")


def test_a_picture_that_is_too_large_to_open_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _saved(tmp_path / "a.png", _record(Job(prompt="x")))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(UnreadableInputError, match=r"^here: is larger than any picture of ours"):
        parse_record(path.read_bytes(), "here")
