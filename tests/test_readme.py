"""What the README shows is run: its files are written, its commands give what it says."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from promptkit.cli import main

ROOT = Path(__file__).parent.parent
BLOCKS = re.findall(
    r"^```(\w+)(?: (\S+))?\n(.*?)^```$",
    (ROOT / "README.md").read_text("utf-8"),
    re.MULTILINE | re.DOTALL,
)


def blocks(language: str) -> list[str]:
    return [text for kind, _, text in BLOCKS if kind == language]


def sessions() -> list[tuple[str, list[str]]]:
    """Every command of the console blocks, with the lines that it should print."""
    found: list[tuple[str, list[str]]] = []
    for line in "".join(blocks("console")).splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def test_the_commands_give_what_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for _, name, text in BLOCKS:
        if name:
            Path(name).write_text(text, encoding="utf-8")
    for command, shown in sessions():
        program, *arguments = shlex.split(command)
        assert program == "promptkit"
        expected = 1 if any(" error " in line for line in shown) else 0
        assert main(arguments) == expected, command
        printed = "".join(capsys.readouterr())
        for line in shown:
            assert line in printed, f"{command}\ndoes not print\n{line}\nbut\n{printed}"
    assert {"poster.png", "signs"} <= {path.name for path in tmp_path.iterdir()}


@pytest.mark.parametrize("code", blocks("python"))
def test_the_python_runs(code: str, tmp_path: Path) -> None:
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False, env=os.environ)
    assert run.returncode == 0


@pytest.mark.parametrize("text", blocks("toml"))
def test_the_configuration_is_valid(text: str, tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(text, encoding="utf-8")
    assert "promptkit" in tomllib.loads(text)["tool"]
    caption = tmp_path / "c.json"
    caption.write_text(json.dumps({"a": 1}), encoding="utf-8")
    assert main(["lint", str(caption)]) == 1


@pytest.mark.parametrize("text", blocks("yaml"))
def test_the_hooks_are_there(text: str) -> None:
    offered = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    named = [hook["id"] for repo in yaml.safe_load(text)["repos"] for hook in repo["hooks"]]
    assert set(named) == {hook["id"] for hook in offered}


def test_ci_runs_the_test_command_that_is_shown() -> None:
    *setup, tests = [line for line in blocks("sh")[0].splitlines() if line]
    assert len(setup) == 1
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert tests in script


def test_every_linked_file_is_there() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert target.startswith("https://") or (ROOT / target).exists(), target
