"""What the README shows is run: its files are written, its commands give what it says."""

from __future__ import annotations

import html
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from promptkit.cli import main
from promptkit.dialects import all_dialects
from promptkit.lint.registry import all_rules
from promptkit.templating.shelf import shelf_names

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
SCREENS = re.findall(r"\]\((\S+)\.svg\)", README)
BLOCKS = re.findall(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
FILES = {name: text for _, name, text in BLOCKS if name}


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
    for name, text in FILES.items():
        Path(name).write_text(text, encoding="utf-8")
    for command, shown in sessions():
        program, *arguments = shlex.split(command)
        assert program == "promptkit"
        expected = 1 if any(" error " in line for line in shown) else 0
        assert main(arguments) == expected, command
        printed = "".join(capsys.readouterr())
        for line in shown:
            pattern = ".*".join(map(re.escape, line.split("…")))
            assert re.search(pattern, printed), f"{command}: not\n{line}\nbut\n{printed}"
    assert {"posters", "signs"} <= {path.name for path in tmp_path.iterdir()}


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


@pytest.mark.skipif(shutil.which("tmux") is None, reason="there is no tmux here")
def test_a_caption_is_composed_with_the_keys_that_are_named(tmp_path: Path) -> None:
    from tests.promptkit.tui.test_terminal import Terminal

    (command,) = [line for line in "".join(blocks("sh")).splitlines() if " compose " in line]
    screen = Terminal(tmp_path)
    try:
        screen.start(sys.executable, "-m", *shlex.split(command))
        screen.wait("Outline", "Layout")
        screen.keys("t")
        screen.wait("Literal")
        screen.type("OPEN")
        screen.keys("C-s")
        screen.wait("saved")
        screen.keys("C-q")
        screen.wait("EXIT 0")
    finally:
        screen.close()
    assert "OPEN" in (tmp_path / "poster.json").read_text("utf-8")


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_the_hook_stops_a_bad_caption_and_lets_a_mended_one_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pre_commit")
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "home"))
    tools = Path(sys.executable).parent
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    for name in ("poster.json", ".pre-commit-config.yaml"):
        Path(name).write_text(FILES[name], encoding="utf-8")
    for command in (["init", "-q"], ["add", "poster.json", ".pre-commit-config.yaml"]):
        subprocess.run(["git", *command], check=True)
    hook = [sys.executable, "-m", "pre_commit", "run", "--all-files"]
    stopped = subprocess.run(hook, capture_output=True, text=True, check=False)
    assert (stopped.returncode, "C201 key-order" in stopped.stdout) == (1, True), stopped.stdout
    assert main(["lint", "--fix", "poster.json"]) == 0
    passed = subprocess.run(hook, capture_output=True, text=True, check=False)
    assert passed.returncode == 0, passed.stdout


def test_the_hooks_for_teams_are_offered() -> None:
    offered = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert all(f"`{hook['id']}`" in README for hook in offered)


@pytest.mark.parametrize(
    ("thing", "count"),
    [
        ("rules", len(all_rules())),
        ("forms of other tools", len(all_dialects())),
        ("templates are shipped", len(list(shelf_names()))),
    ],
)
def test_what_is_counted_is_counted_right(thing: str, count: int) -> None:
    assert re.search(rf"\b{count}\s+{thing.replace(' ', chr(92) + 's+')}", README)


def test_the_speeds_are_those_that_were_measured() -> None:
    measured = (ROOT / "generator" / "PERFORMANCE.md").read_text("utf-8")
    rows = re.findall(r"^\| (faithful|fast) \| (\d+ ms), ([\d.]+) x", measured, re.MULTILINE)
    figures = {tier: (time, ratio) for tier, time, ratio in rows}
    assert "{}, {} times as fast as the reference".format(*figures["fast"]) in README
    assert "is {1} times as fast.".format(*figures["faithful"]) in README


def test_everything_in_the_tree_is_there() -> None:
    (tree,) = blocks("text")
    folder, named = "", set()
    for line in tree.splitlines():
        paths = re.split(r"  +", line.strip())[0].split()
        folder = folder if line.startswith(" ") else ""
        named |= {f"{folder}{path}" for path in paths}
        folder = folder if line.startswith(" ") else paths[0]
    assert [path for path in named if not (ROOT / path).exists()] == []
    assert {"promptkit/", "generator/", "templates/", "samples/", "tests/"} <= named


def test_the_pictures_are_of_three_sizes_of_terminal() -> None:
    sizes = {name.rpartition("-")[2] for name in SCREENS}
    assert sizes == {"80x24", "120x40", "200x60"}


@pytest.mark.parametrize("name", SCREENS)
def test_a_picture_shows_the_screen_that_the_snapshots_hold(name: str) -> None:
    screen = (ROOT / f"{name}.txt").read_text("utf-8")
    words = "".join(line.partition(" ")[2] for line in screen.splitlines())
    picture = (ROOT / f"{name}.svg").read_text("utf-8")
    drawn = html.unescape("".join(re.findall(r"<text[^>]*>(.*?)</text>", picture)))
    assert "".join(words.split()) in "".join(drawn.split())


def test_ci_runs_the_test_command_that_is_shown() -> None:
    *setup, tests = [line for line in blocks("sh")[0].splitlines() if line]
    assert len(setup) == 1
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert tests in script


def test_every_linked_file_is_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("https://") or (ROOT / target).exists(), target
