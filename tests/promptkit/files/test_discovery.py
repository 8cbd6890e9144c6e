from __future__ import annotations

import os
from pathlib import Path

import pytest

from promptkit.discovery import discover, looks_like_caption
from promptkit.errors import UnreadableInputError

CAPTION = b'{"compositional_deconstruction": {"background": "a wall", "elements": []}}'


def found(*names: str, excluded: str = "") -> tuple[list[str], list[str]]:
    complaints: list[UnreadableInputError] = []
    candidates = discover(
        names, excluded=lambda path: path.name == excluded, complain=complaints.append
    )
    return [each.path.as_posix() for each in candidates], [str(each) for each in complaints]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def touch(*names: str) -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).touch()


def test_folders_are_searched_in_the_order_of_their_names() -> None:
    touch("b/2.json", "b/1.JSON", "a/x/3.json", "a/notes.txt", "0.json")
    assert found(".") == (["0.json", "a/x/3.json", "b/1.JSON", "b/2.json"], [])


def test_an_empty_name_never_means_the_working_folder() -> None:
    touch("a.json")
    files, complaints = found("", "a.json")
    assert files == ["a.json"]
    assert complaints == ["'': is no name of a file; '.' is the working folder"]


def test_hidden_and_foreign_folders_are_passed_over() -> None:
    touch(".git/x.json", "node_modules/x.json", "a/.venv/x.json", "a/y.json")
    assert found(".") == (["a/y.json"], [])


def test_what_is_named_is_taken_whatever_it_is_called_and_once() -> None:
    touch("caption.txt", ".hidden/x.json")
    assert found("caption.txt", "./caption.txt", ".hidden") == (
        ["caption.txt", ".hidden/x.json"],
        [],
    )


def test_excluded_files_and_folders_are_passed_over() -> None:
    touch("old/x.json", "new/x.json")
    assert found(".", excluded="old") == (["new/x.json"], [])
    assert found(".", excluded="x.json") == ([], [])


def test_links_to_folders_do_not_lead_round_in_circles() -> None:
    touch("a/x.json")
    Path("a/again").symlink_to("..", target_is_directory=True)
    Path("a/folder.json").symlink_to(".", target_is_directory=True)
    Path("a/y.json").symlink_to("x.json")
    assert found(".") == (["a/x.json", "a/y.json"], [])


def test_what_cannot_be_read_is_told_and_the_rest_is_found() -> None:
    touch("z.json")
    Path("loop.json").symlink_to("loop.json")
    Path("lost.json").symlink_to("nowhere")
    os.mkfifo("pipe.json")
    names, complaints = found(".")
    assert names == ["z.json"]
    assert [complaint.partition(":")[0] for complaint in complaints] == [
        "loop.json",
        "lost.json",
        "pipe.json",
    ]
    assert "too many levels" in complaints[0]
    assert "leads nowhere" in complaints[1]
    assert "is a pipe" in complaints[2]


def test_very_deep_folders() -> None:
    """Deeper than Python recurses; so they are also taken away one by one again."""
    folders = [Path("/".join("d" * depth)) for depth in range(1, 1200)]
    for folder in folders:
        folder.mkdir()
    path = folders[-1] / "x.json"
    path.touch()
    try:
        names, complaints = found(".")
    finally:
        path.unlink()
        for folder in reversed(folders):
            folder.rmdir()
    assert len(names) == 1
    assert complaints == []


@pytest.mark.parametrize(
    "data",
    [
        CAPTION,
        CAPTION.decode().encode("utf-16"),
        b"{high_level_description: 'a wall'}",
        b'"{\\"high_level_description\\": \\"a wall\\"}"',
        b'{\\"high_level_description\\": \\"a wall\\"}',
        b'```json\n{"style_description" : {',
        "{“style_description”: {".encode(),
    ],
)
def test_looks_like_a_caption(data: bytes) -> None:
    assert looks_like_caption(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b'{"name": "a package"}',
        b'{"$schema": "draft/2020-12", "properties": {"high_level_description": {}}}',
        b'{"findings": [{"pointer": "/compositional_deconstruction/elements"}]}',
        b'{"nodes": [{"text": "{\\"high_level_description\\": \\"a wall\\"}"}]}',
        b'{"about": "the key high_level_description says it all"}',
    ],
)
def test_does_not_look_like_a_caption(data: bytes) -> None:
    assert not looks_like_caption(data)
