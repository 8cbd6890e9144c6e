"""What lint does to files: what it must never do, and what it does with what it cannot read."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path

import pytest

from promptkit import files
from promptkit.cli import inputs, main
from promptkit.errors import ExitCode

BAD = '{"compositional_deconstruction": {"background": "壁", "elements": [{"desc": "a", "type": "obj"}]}}'
GOOD = BAD.replace('"desc": "a", "type": "obj"', '"type": "obj", "desc": "a"')
LINT = [
    "lint",
    "--isolated",
    "--select",
    "key-order,not-utf8,too-large,lone-surrogate,double-encoded",
]
FIX = [*LINT, "--fix", "--unsafe-fixes"]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (BAD, GOOD),
        (BAD.replace(", ", ",\r\n  ") + "\r\n", GOOD.replace(", ", ",\r\n  ") + "\r\n"),
        (BAD.replace(", ", ",\n\t") + "\n\n", GOOD.replace(", ", ",\n\t") + "\n\n"),
    ],
    ids=["compact", "crlf", "tabs"],
)
def test_a_fix_keeps_the_file_as_it_is_written(before: str, after: str) -> None:
    Path("x.json").write_bytes(before.encode())
    assert main([*FIX, "x.json"]) is ExitCode.OK
    assert Path("x.json").read_bytes() == after.encode()


@pytest.mark.parametrize(
    "data",
    [
        BAD.encode("latin-1", errors="replace").replace(b"?", b"\xe9"),
        BAD.encode("utf-16"),
        b"\xff" + BAD.encode(),
        b" " * (1 << 20) + BAD.encode(),
        b"\0\xff\xfe" * 100,
    ],
    ids=["latin-1", "utf-16", "stray byte", "too large", "no text"],
)
def test_what_cannot_be_read_for_certain_is_never_written(data: bytes) -> None:
    path = Path("x.json")
    path.write_bytes(data)
    before = path.stat()
    assert main([*FIX, "x.json"]) is ExitCode.FINDINGS
    assert path.read_bytes() == data
    assert path.stat().st_ino == before.st_ino


@pytest.mark.parametrize("data", [b"\xff{}", b" " * 200_000, b"no caption", GOOD.encode()])
def test_what_is_not_mended_goes_through_the_pipe_as_it_came(
    data: bytes, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    main([*LINT, "--fix", "-"])
    assert capfdbinary.readouterr().out == data


def test_a_clean_file_is_not_touched() -> None:
    Path("x.json").write_text(GOOD)
    before = Path("x.json").stat()
    assert main([*FIX, "x.json"]) is ExitCode.OK
    assert Path("x.json").stat().st_ino == before.st_ino


def test_half_a_character_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    """Decoding what stands encoded may leave a character that no file can hold."""
    text = '"{\\"high_level_description\\": \\"\\ud83d\\", \\"style_description\\": 1}"'
    Path("x.json").write_text(text)
    assert main([*FIX, "x.json"]) in (ExitCode.USAGE, ExitCode.FINDINGS)
    assert Path("x.json").read_text() in (text, text[1:-1].replace('\\"', '"'))
    assert "Traceback" not in capsys.readouterr().err


def test_on_a_full_disk_the_file_stays_and_the_others_are_mended(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.json", "b.json"):
        Path(name).write_text(BAD)
    write, calls = os.fsync, []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    assert main([*FIX, "."]) is ExitCode.USAGE
    shown = capsys.readouterr()
    assert "a.json: not written: no space left on device; the file is as it was" in shown.err
    assert "a.json:1:" in shown.out
    assert Path("a.json").read_text() == BAD
    assert Path("b.json").read_text() == GOOD
    assert sorted(path.name for path in Path().iterdir()) == ["a.json", "b.json"]


def test_an_interruption_leaves_the_file_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("x.json").write_text(BAD)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    assert main([*FIX, "x.json"]) is ExitCode.INTERRUPTED
    assert Path("x.json").read_text() == BAD
    assert [path.name for path in Path().iterdir()] == ["x.json"]


def test_diff_writes_nothing_and_says_what_fix_does(capsys: pytest.CaptureFixture[str]) -> None:
    Path("x.json").write_text(BAD)
    assert main([*LINT, "--diff", "x.json"]) is ExitCode.FINDINGS
    assert Path("x.json").read_text() == BAD
    shown = capsys.readouterr().out.splitlines()
    no_end = "\\ No newline at end of file"
    assert shown[3:] == [f"-{BAD}", no_end, f"+{GOOD}", no_end]


def test_what_cannot_be_read_is_told_and_the_others_are_checked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("bad.json").write_text(BAD)
    Path("loop.json").symlink_to("loop.json")
    os.mkfifo("pipe.json")
    assert main([*LINT, "."]) is ExitCode.USAGE
    assert main([*LINT, "pipe.json", "loop.json", "bad.json"]) is ExitCode.USAGE
    shown = capsys.readouterr()
    assert shown.out.count("bad.json:1:") == 2
    assert shown.err.count("promptkit: pipe.json: is a pipe, not a file") == 2
    assert shown.err.count("loop.json: ") == 2


def test_a_file_that_vanishes_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.json", "b.json"):
        Path(name).write_text(BAD)
    read = files.read_file

    def slow(path: Path, limit: int | None = None) -> bytes:
        Path("a.json").unlink(missing_ok=True)
        return read(path, limit)

    monkeypatch.setattr(inputs, "read_file", slow)
    assert main([*LINT, "."]) is ExitCode.USAGE
    shown = capsys.readouterr()
    assert "a.json: cannot be read: no such file or directory" in shown.err
    assert shown.out.startswith("b.json:1:")


def test_a_mended_link_stays_a_link() -> None:
    Path("real").mkdir()
    Path("real/x.json").write_text(BAD)
    Path("link.json").symlink_to("real/x.json")
    assert main([*FIX, "link.json"]) is ExitCode.OK
    assert Path("link.json").is_symlink()
    assert Path("real/x.json").read_text() == GOOD


def test_write_baseline_then_lint_is_clean(capsys: pytest.CaptureFixture[str]) -> None:
    Path("posters").mkdir()
    Path("posters/x.json").write_text(BAD)
    Path("known").mkdir()
    assert main([*LINT, ".", "--write-baseline", "known/base.json"]) is ExitCode.OK
    assert '"../posters/x.json"' in Path("known/base.json").read_text()
    assert main([*LINT, ".", "--baseline", "known/base.json"]) is ExitCode.OK
    Path("posters/x.json").write_text(GOOD)
    capsys.readouterr()
    assert main([*LINT, ".", "--baseline", "known/base.json"]) is ExitCode.OK
    assert "base.json: 1 entry without a finding" in capsys.readouterr().err


def test_the_configured_baseline_is_relative_to_the_configuration() -> None:
    Path("posters").mkdir()
    Path("posters/x.json").write_text(BAD)
    Path("posters/promptkit.toml").write_text('select = ["key-order"]\nbaseline = "base.json"')
    assert main(["lint", "."]) is ExitCode.USAGE
    assert main(["lint", ".", "--isolated", "--write-baseline", "posters/base.json"]) is ExitCode.OK
    assert main(["lint", "."]) is ExitCode.OK


def test_a_picture_that_is_named_is_told_from_a_caption(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100_000))
    assert main(["lint", str(picture)]) == ExitCode.USAGE
    assert "is a PNG picture, not a caption" in capsys.readouterr().err
    assert main(["lint", "--skip-others", str(picture)]) == ExitCode.OK
