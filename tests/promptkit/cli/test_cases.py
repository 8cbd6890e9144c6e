"""Every folder in ``cases`` is a test: a command, files to run it on, and what comes of it.

``cmd`` is the command line, ``files`` the working folder, ``stdin`` what comes through the pipe.
Expected: ``exit``, ``stdout``, ``stderr``, and ``after`` for each file that differs afterwards.
"""

from __future__ import annotations

import io
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from promptkit.cli import main

CASES = sorted((Path(__file__).parent / "cases").iterdir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_command(
    case: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if (case / "files").is_dir():
        shutil.copytree(case / "files", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    if (case / "stdin").is_file():
        data = io.BytesIO((case / "stdin").read_bytes())
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(data))

    code = main(shlex.split((case / "cmd").read_text()))

    shown = capsys.readouterr()
    assert shown.out == (case / "stdout").read_text()
    assert shown.err == (case / "stderr").read_text()
    assert f"{code}\n" == (case / "exit").read_text()
    before, after = _files(case / "files"), _files(case / "after")
    assert _files(tmp_path) == {**before, **after}


def _files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }
