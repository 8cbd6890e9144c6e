"""Nothing that a path can name holds a reader up or makes it fail without words."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from promptkit.errors import UnreadableInputError
from promptkit.files import read_file


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "caption.json"
    path.write_bytes(b"{}" * 2_000_000)
    assert read_file(path) == b"{}" * 2_000_000
    assert read_file(path, 3) == b"{}{"


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("nothing", "no such file"),
        ("folder", "is a folder|is a directory"),
        ("pipe", "is a pipe"),
        ("socket", "no such device|is a socket"),
        ("loop", "too many levels of symbolic links"),
        ("name", "embedded null byte"),
    ],
)
def test_anything_else_is_told(
    kind: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path("x.json")
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(path))
    elif kind == "loop":
        path.symlink_to(path)
    elif kind == "name":
        path = Path("x\0.json")
    with pytest.raises(UnreadableInputError, match=message):
        read_file(path)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no devices")
def test_a_device_is_not_read() -> None:
    with pytest.raises(UnreadableInputError, match="is a device"):
        read_file(Path("/dev/zero"))


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_closed_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "secret.json"
    path.touch(mode=0)
    with pytest.raises(UnreadableInputError, match="permission denied"):
        read_file(path)


def test_a_mistyped_name_is_told_with_the_one_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "poster.json").touch()
    with pytest.raises(UnreadableInputError, match=r"directory; did you mean 'poster.json'\?"):
        read_file(tmp_path / "psoter.json")
    with pytest.raises(UnreadableInputError, match=r"directory$"):
        read_file(tmp_path / "menu.json")
