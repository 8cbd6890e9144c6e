"""Whatever happens while a file is replaced, it holds the old bytes or the new ones."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from promptkit.errors import UnreadableInputError
from promptkit.files import write_file

OLD = b'{"compositional_deconstruction": {}}\n'
NEW = b'{"compositional_deconstruction":{}}\n'


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.fixture
def caption(tmp_path: Path) -> Path:
    path = tmp_path / "caption.json"
    path.write_bytes(OLD)
    return path


def test_the_new_bytes_are_there_and_nothing_else(caption: Path) -> None:
    write_file(caption, NEW, expected=OLD)
    assert caption.read_bytes() == NEW
    assert names(caption.parent) == ["caption.json"]


def test_a_new_file_gets_the_mode_that_any_new_file_gets(tmp_path: Path) -> None:
    write_file(tmp_path / "new.json", NEW)
    (tmp_path / "other.json").touch()
    assert (tmp_path / "new.json").stat().st_mode == (tmp_path / "other.json").stat().st_mode


def test_the_mode_stays(caption: Path) -> None:
    caption.chmod(0o640)
    write_file(caption, NEW)
    assert stat.S_IMODE(caption.stat().st_mode) == 0o640


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs to be root")
def test_the_owner_stays(caption: Path) -> None:
    os.chown(caption, 12345, 54321)
    write_file(caption, NEW)
    assert (caption.stat().st_uid, caption.stat().st_gid) == (12345, 54321)


def test_a_link_stays_a_link(caption: Path, tmp_path: Path) -> None:
    folder = tmp_path / "links"
    folder.mkdir()
    link = folder / "link.json"
    link.symlink_to("../caption.json")
    write_file(link, NEW, expected=OLD)
    assert link.is_symlink()
    assert caption.read_bytes() == NEW
    assert names(folder) == ["link.json"]


def test_what_someone_else_has_changed_is_not_overwritten(caption: Path) -> None:
    caption.write_bytes(b"edited meanwhile")
    with pytest.raises(UnreadableInputError, match="changed in the meantime"):
        write_file(caption, NEW, expected=OLD)
    assert caption.read_bytes() == b"edited meanwhile"
    assert names(caption.parent) == ["caption.json"]


def test_a_read_only_file_is_left_alone(caption: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # what root would never be told
    with pytest.raises(UnreadableInputError, match="read-only"):
        write_file(caption, NEW)
    assert caption.read_bytes() == OLD


@pytest.mark.parametrize("call", ["fsync", "fchmod"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_on_the_way_costs_nothing(
    call: str, error: BaseException, caption: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(os, call, fail)
    with pytest.raises((UnreadableInputError, KeyboardInterrupt)):
        write_file(caption, NEW)
    assert caption.read_bytes() == OLD
    assert names(caption.parent) == ["caption.json"]


@pytest.mark.skipif(os.name != "posix", reason="limits of a process are POSIX")
def test_a_full_disk_costs_nothing(caption: Path) -> None:
    """The system lets the process write no more than 10 bytes to a file: half the text."""
    script = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from promptkit.files import write_file\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))\n"
        f"write_file(Path(sys.argv[1]), {NEW!r})\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, caption], capture_output=True, text=True, check=False
    )
    assert "not written: file too large; the file is as it was" in run.stderr
    assert caption.read_bytes() == OLD
    assert names(caption.parent) == ["caption.json"]


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
def test_being_killed_costs_nothing(caption: Path) -> None:
    """The process ends for good when all is written but the new name."""
    script = (
        "import os, signal, sys; from pathlib import Path\n"
        "from promptkit.files import write_file\n"
        "os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"write_file(Path(sys.argv[1]), {NEW!r})\n"
    )
    subprocess.run([sys.executable, "-c", script, caption], capture_output=True, check=False)
    assert caption.read_bytes() == OLD


def test_a_file_that_was_never_there_is_not_said_to_be_as_it_was(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match=r"directory; make the folder .*missing first$"):
        write_file(tmp_path / "missing" / "a.json", b"{}")
