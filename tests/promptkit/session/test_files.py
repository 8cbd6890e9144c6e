"""Opening, saving, and what survives when something goes wrong."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from promptkit.errors import UnreadableInputError
from promptkit.geometry import BBox, Size
from promptkit.keys import PHOTO_KEYS
from promptkit.lint import Severity
from promptkit.session import (
    ChangedOnDiskError,
    Part,
    add_element,
    new_session,
    open_session,
    recovered_session,
    reload,
    save,
    set_field,
)
from promptkit.session.recovery import forget, keep, orphans, recent, remember
from promptkit.session.starting import BLANK, recovery_of

TEXT = '{"compositional_deconstruction": {"background": "A wall.", "elements": []}}\n'
GONE = 2**22 + 1
"""No process has this number."""


@pytest.fixture
def caption(tmp_path: Path) -> Path:
    path = tmp_path / "caption.json"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_saving_ends_being_dirty(caption: Path) -> None:
    session = open_session(caption)
    assert not session.dirty
    set_field(session, Part.BACKGROUND, "background", "A café wall.")
    assert session.dirty
    save(session)
    assert not session.dirty
    assert caption.read_text(encoding="utf-8") == TEXT.replace("A wall.", "A café wall.")
    session.undo()
    assert session.dirty


def test_someone_elses_change_is_never_overwritten_silently(caption: Path) -> None:
    session = open_session(caption)
    set_field(session, Part.BACKGROUND, "background", "Mine.")
    caption.write_text(TEXT.replace("A wall.", "Theirs."), encoding="utf-8")
    assert session.disk
    assert session.disk.changed
    with pytest.raises(ChangedOnDiskError, match="has changed on disk"):
        save(session)
    assert "Theirs." in caption.read_text(encoding="utf-8")
    save(session, overwrite=True)
    assert "Mine." in caption.read_text(encoding="utf-8")
    assert not session.disk.changed


def test_a_touched_file_has_not_changed(caption: Path) -> None:
    session = open_session(caption)
    os.utime(caption, ns=(1, 1))
    assert session.disk
    assert not session.disk.changed


def test_save_as_asks_before_it_replaces_a_file(caption: Path, tmp_path: Path) -> None:
    session = new_session(TEXT)
    with pytest.raises(ChangedOnDiskError, match="exists already"):
        save(session, caption)
    other = tmp_path / "other.json"
    assert save(session, other) == other
    assert session.path == other


def test_reloading_can_be_undone(caption: Path) -> None:
    session = open_session(caption)
    caption.write_text(TEXT.replace("A wall.", "Theirs."), encoding="utf-8")
    reload(session)
    assert "Theirs." in session.text
    assert not session.dirty
    session.undo()
    assert session.text == TEXT


def test_a_file_that_is_not_there_begins_blank(tmp_path: Path) -> None:
    session = open_session(tmp_path / "new.json")
    assert session.text == BLANK
    assert session.dirty
    save(session)
    assert (tmp_path / "new.json").read_text() == BLANK


def test_what_cannot_be_a_caption_is_refused(tmp_path: Path) -> None:
    large = tmp_path / "large.json"
    large.write_bytes(b" " * (1 << 19))
    with pytest.raises(UnreadableInputError, match=r"larger than any caption: 524,288 bytes"):
        open_session(large)
    with pytest.raises(UnreadableInputError, match="folder"):
        open_session(tmp_path)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "PNG picture, not a caption; 'promptkit extract .*here.json'"),
        (b"\x89PNG" + bytes(1 << 20), "PNG picture"),
        (b"\xff\xd8\xff\xe0", "JPEG picture, not a caption"),
        ("{}".encode("utf-16"), "is UTF-16; save it as UTF-8"),
        ('{"a": "é"}'.encode("latin-1"), r"byte 7 \(0xE9\) is not UTF-8; save as UTF-8"),
    ],
)
def test_what_is_no_text_is_never_opened_and_never_written_over(
    tmp_path: Path, data: bytes, problem: str
) -> None:
    path = tmp_path / "here.json"
    path.write_bytes(data)
    with pytest.raises(UnreadableInputError, match=problem):
        open_session(path)
    with pytest.raises(UnreadableInputError, match="what is there is no text"):
        save(new_session(TEXT), path, overwrite=True)
    assert path.read_bytes() == data


def test_a_file_in_a_folder_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match=r"no folder .*nope; make it first"):
        open_session(tmp_path / "nope" / "x.json")


def test_a_new_caption_has_nothing_that_nobody_filled_in(tmp_path: Path) -> None:
    session = open_session(tmp_path / "new.json")
    for kind, words in (("obj", "A red kite."), ("text", "White letters.")):
        place = add_element(session, kind, BBox(100, 100, 400, 900))  # type: ignore[arg-type]
        set_field(session, Part.ELEMENT, "desc", words, place)
    set_field(session, Part.ELEMENT, "text", "KITES", 1)
    set_field(session, Part.BACKGROUND, "background", "A pale sky over wet sand.")
    set_field(session, Part.SUMMARY, "high_level_description", "A kite over a beach.")
    assert session.check() == ()
    save(session)
    saved = json.loads((tmp_path / "new.json").read_text())
    assert list(saved) == ["high_level_description", "compositional_deconstruction"]
    for key in ("medium", "photo", "aesthetics", "lighting"):
        set_field(session, Part.STYLE, key, "photograph")
    assert not [each for each in session.check() if each.severity is Severity.ERROR]
    assert list(json.loads(session.text)["style_description"]) == list(PHOTO_KEYS[:-1])


def test_the_rules_and_the_size_are_those_of_the_files_folder(caption: Path) -> None:
    (caption.parent / "promptkit.toml").write_text('size = "1536x640"\nignore = ["all"]\n')
    session = open_session(caption)
    assert session.size == Size(1536, 640)
    assert session.check() == ()


def test_unsaved_text_survives_its_process(caption: Path, tmp_path: Path) -> None:
    session = open_session(caption)
    set_field(session, Part.BACKGROUND, "background", "Unsaved.")
    keep(recovery_of(session, GONE), tmp_path)
    found = orphans(tmp_path)
    assert [each.path for each in found] == [str(caption)]
    recovered = recovered_session(found[0])
    assert recovered.text == session.text
    assert recovered.dirty
    save(recovered)
    assert "Unsaved." in caption.read_text()
    forget(str(caption), GONE, tmp_path)
    assert orphans(tmp_path) == []


def test_recovered_text_does_not_overwrite_a_newer_file(caption: Path, tmp_path: Path) -> None:
    session = open_session(caption)
    set_field(session, Part.BACKGROUND, "background", "Unsaved.")
    keep(recovery_of(session, GONE), tmp_path)
    caption.write_text(TEXT.replace("A wall.", "Theirs."), encoding="utf-8")
    recovered = recovered_session(orphans(tmp_path)[0])
    with pytest.raises(ChangedOnDiskError):
        save(recovered)
    recovered.undo()
    assert "Theirs." in recovered.text


def test_what_a_living_editor_holds_is_not_offered(tmp_path: Path) -> None:
    session = new_session(TEXT)
    keep(recovery_of(session, os.getppid()), tmp_path)
    keep(recovery_of(session, os.getpid()), tmp_path)
    assert orphans(tmp_path) == []


def test_half_a_recovery_file_is_passed_over(tmp_path: Path) -> None:
    keep(recovery_of(new_session(TEXT), GONE), tmp_path)
    (tmp_path / "recovery" / "half.json").write_text('{"path":')
    assert len(orphans(tmp_path)) == 1


def test_recent_files_are_those_that_exist_the_latest_first(tmp_path: Path) -> None:
    files = [tmp_path / f"{name}.json" for name in "abc"]
    for file in files:
        file.write_text(TEXT)
        remember(file, tmp_path / "state")
    remember(files[0], tmp_path / "state")
    files[1].unlink()
    assert recent(tmp_path / "state") == [files[0], files[2]]
    assert recent(tmp_path / "nothing") == []


def test_a_recovered_caption_without_a_file_is_still_unsaved(tmp_path: Path) -> None:
    keep(recovery_of(new_session(TEXT), GONE), tmp_path)
    recovered = recovered_session(orphans(tmp_path)[0])
    assert recovered.text == TEXT
    assert recovered.unsaved
    recovered.undo()
    assert recovered.text == BLANK


def test_taking_back_what_is_saved_is_unsaved_too(caption: Path) -> None:
    session = open_session(caption)
    assert not session.unsaved
    set_field(session, Part.BACKGROUND, "background", "Saved.")
    save(session)
    session.undo()
    assert session.unsaved
    session.redo()
    assert not session.unsaved
