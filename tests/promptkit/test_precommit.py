"""The hooks, with the real pre-commit, installed from this very project."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = (
    "promptkit",
    "generator",
    "templates",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    ".pre-commit-hooks.yaml",
)
BAD = '{"compositional_deconstruction": {"background": "a wall", "elements": [{"desc": "a ladder", "type": "obj"}]}, "high_level_description": "A ladder leans on a wall."}\n'
OFFLINE = ("No matching distribution", "Could not find a version", "NewConnectionError")
UNWANTED = {"torch", "textual", "transformers", "numpy", "tokenizers", "httpx", "fastapi"}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed"),
]


def run(*command: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    author = {
        f"GIT_{who}_{what}": "test@example.org"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    return subprocess.run(
        command,
        cwd=cwd,
        env={**variables, **author, "GIT_CONFIG_GLOBAL": os.devnull, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=540,
    )


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A git repository of this project as it stands, and pre-commit's folder with it installed."""
    base = tmp_path_factory.mktemp("precommit")
    source = base / "project"
    source.mkdir()
    for part in filter(Path.exists, (ROOT / part for part in PARTS)):
        if part.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(part, source / part.name, ignore=ignored)
        else:
            shutil.copy(part, source)
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "as it stands"]):
        done = run("git", *command, cwd=source)
        assert done.returncode == 0, done.stderr
    environment = {"PRE_COMMIT_HOME": str(base / "home")}
    scratch = repository(base / "first", source, "promptkit-lint", "promptkit-fmt")
    installed = run(sys.executable, "-m", "pre_commit", "install-hooks", cwd=scratch, **environment)
    if installed.returncode and any(sign in installed.stdout for sign in OFFLINE):
        pytest.skip("pip reaches no package index here, so the hook cannot be installed")
    assert installed.returncode == 0, installed.stdout + installed.stderr
    return source, environment


def repository(folder: Path, source: Path, *ids: str, arguments: str = "[]") -> Path:
    folder.mkdir()
    rev = run("git", "rev-parse", "HEAD", cwd=source).stdout.strip()
    listed = "".join(f"      - id: {each}\n        args: {arguments}\n" for each in ids)
    config = f"repos:\n  - repo: {source}\n    rev: {rev}\n    hooks:\n{listed}"
    (folder / ".pre-commit-config.yaml").write_text(config)
    run("git", "init", "-q", cwd=folder)
    return folder


def commit(folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    run(sys.executable, "-m", "pre_commit", "install", cwd=folder, **environment)
    run("git", "add", "-A", cwd=folder)
    return run("git", "commit", "-m", "captions", cwd=folder, **environment)


def test_a_bad_caption_stops_the_commit_and_other_json_does_not(
    hooks: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    source, environment = hooks
    scratch = repository(tmp_path / "scratch", source, "promptkit-lint")
    (scratch / "package.json").write_text('{"name": "not a caption"}\n')
    assert commit(scratch, environment).returncode == 0
    (scratch / "poster.json").write_text(BAD)
    stopped = commit(scratch, environment)
    assert stopped.returncode == 1
    assert "poster.json:1:" in stopped.stderr
    assert "key-order" in stopped.stderr
    assert (scratch / "poster.json").read_text() == BAD


def test_fix_mends_and_then_the_commit_passes(
    hooks: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    source, environment = hooks
    scratch = repository(tmp_path / "scratch", source, "promptkit-lint", arguments="[--fix]")
    (scratch / "poster.json").write_text(BAD)
    assert commit(scratch, environment).returncode == 1
    mended = (scratch / "poster.json").read_text()
    assert '{"type": "obj", "desc": "a ladder"}' in mended
    passed = commit(scratch, environment)
    assert passed.returncode == 0, passed.stderr


def test_fmt_rewrites_and_then_the_commit_passes(
    hooks: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    source, environment = hooks
    scratch = repository(tmp_path / "scratch", source, "promptkit-fmt")
    (scratch / "poster.json").write_text(BAD)
    assert commit(scratch, environment).returncode == 1
    assert (scratch / "poster.json").read_text().startswith('{\n  "high_level_description": ')
    assert commit(scratch, environment).returncode == 0


def test_the_environment_of_the_hook_is_light(hooks: tuple[Path, dict[str, str]]) -> None:
    home = Path(hooks[1]["PRE_COMMIT_HOME"])
    [packages] = home.glob("repo*/py_env-*/lib/python*/site-packages")
    installed = {path.name for path in packages.iterdir()}
    assert {"promptkit", "pydantic"} <= installed
    assert not UNWANTED & installed


def test_pre_commit_accepts_the_list_of_hooks() -> None:
    manifest = str(ROOT / ".pre-commit-hooks.yaml")
    done = run(sys.executable, "-m", "pre_commit", "validate-manifest", manifest, cwd=ROOT)
    assert done.returncode == 0, done.stdout
