from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from promptkit.cli import main
from promptkit.cli.commands import COMMANDS
from promptkit.cli.offers import offers


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], [*COMMANDS, "--help", "--version"]),
        ([""], [*COMMANDS, "--help", "--version"]),
        (["li"], ["lint"]),
        (["lint", "--fi"], ["--fix"]),
        (["lint", "--fix", "--no"], []),
        (["lint", "--format", "s"], ["sarif"]),
        (["lint", "--select", "key-o"], ["key-order"]),
        (["lint", "--select", "C1,key-o"], ["C1,key-order"]),
        (["explain", "key-o"], ["key-order"]),
        (["completion", ""], ["bash", "zsh", "fish"]),
        (["convert", "--from", "x"], ["xywh", "x-first"]),
        (["new", "event"], ["event-poster"]),
        (["render", "drafts/"], []),
        (["lint", "captions/"], []),
        (["lint", "--config", ""], []),
        (["nonsense", ""], []),
    ],
)
def test_offers(words: list[str], expected: list[str]) -> None:
    assert offers(words) == expected


SCRIPTED = {
    "bash": (
        "source script; COMP_WORDS=(promptkit lint --select key-o); COMP_CWORD=3; _promptkit;"
        ' echo "${COMPREPLY[@]}"'
    ),
    "zsh": (
        "compdef() { }; compadd() { shift; echo $@; }; _files() { echo files; }; source script;"
        " words=(promptkit lint --select key-o); CURRENT=4; _promptkit;"
        " words=(promptkit lint a.j); CURRENT=3; _promptkit"
    ),
    "fish": "source script; complete -C 'promptkit lint --select key-o'",
}


@pytest.mark.parametrize("shell", SCRIPTED)
def test_the_shell_offers_what_promptkit_says(
    shell: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    main(["completion", shell])
    (tmp_path / "script").write_text(capsys.readouterr().out)
    command = tmp_path / "promptkit"
    root = Path(__file__).parents[3]
    command.write_text(f'#!/bin/sh\nPYTHONPATH={root} exec {sys.executable} -m promptkit "$@"\n')
    command.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    run = subprocess.run(
        [shell, "-c", SCRIPTED[shell]],
        cwd=tmp_path,
        env={**os.environ, "PATH": path, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    expected = {"zsh": ["key-order", "files"]}.get(shell, ["key-order"])
    assert run.stdout.split() == expected
