"""Wildcard files are read as people's editors write them, and refused with the place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from promptkit.templating import Template, TemplateError

HEAD = "---\nvariables:\n  animal: {{type: {kind}, file: animals.txt}}\n---\n{{{{ animal }}}}"


def values(folder: Path, data: bytes, kind: str = "choice") -> list[object]:
    (folder / "animals.txt").write_bytes(data)
    path = folder / "poster.json.j2"
    path.write_text(HEAD.format(kind=kind), encoding="utf-8")
    return Template.load(path).choices["animal"].values()


@pytest.mark.parametrize(
    "data",
    [
        b"fox\ncrow\n",
        b"fox\r\ncrow\r\n",
        b"fox\rcrow",
        b"\xef\xbb\xbffox\ncrow",
        b"# animals\n\n  fox  \n2::crow\n0::never\n",
    ],
)
def test_every_way_of_ending_a_line_is_read(tmp_path: Path, data: bytes) -> None:
    assert values(tmp_path, data) == ["fox", "crow"]


def test_other_separators_are_a_part_of_the_choice(tmp_path: Path) -> None:
    choice = "two\u2028lines\x0c, one choice\x85"
    assert values(tmp_path, f"fox\n{choice}.\n".encode()) == ["fox", f"{choice}."]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"fox\ncrow\nb\xe4r\n", r"animals\.txt:3: byte 0xE4 is not UTF-8; save as UTF-8"),
        (b"\xef\xbb\xbffox\nb\xe4r\n", r"animals\.txt:2: byte 0xE4 is not UTF-8"),
        ("fox\ncrow".encode("utf-16"), r"animals\.txt: is UTF-16; save it as UTF-8"),
        ("fox\ncrow".encode("utf-32"), r"animals\.txt: is UTF-32; save it as UTF-8"),
        ("fox\ncrow".encode("utf-16-le"), r"animals\.txt:1: holds a zero byte"),
        (b"fox\n" * (1 << 20) + b"x", r"animals\.txt: is larger than 4 MiB; split it"),
        (b"\n# none\n", r"animals\.txt: holds no choice; write one on each line"),
        (b"0::fox\n", r"has nothing to choose from"),
        (b"fox\n" + b"x" * 10_001, r"animals\.txt:2: .* 10,001 characters; at most 10,000"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_place(
    tmp_path: Path, data: bytes, message: str
) -> None:
    with pytest.raises(TemplateError, match=f"poster.json.j2: .*variable 'animal'.*{message}|"
                       f"poster.json.j2: .*{message}"):  # fmt: skip
        values(tmp_path, data)


def test_a_value_of_the_wrong_type_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"animals\.txt:2: variable 'animal': 'red' is no"):
        values(tmp_path, b"#abc\nred\n".replace(b"#abc", b"abc"), "color")


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "animals.txt")
    (tmp_path / "poster.json.j2").write_text(HEAD.format(kind="choice"), encoding="utf-8")
    with pytest.raises(TemplateError, match=r"animals\.txt: is a pipe, not a file"):
        Template.load(tmp_path / "poster.json.j2")
