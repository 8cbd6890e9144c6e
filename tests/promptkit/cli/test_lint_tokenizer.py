"""The tokenizer that lint counts with: of the command line, of the configuration, or none there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from promptkit.cli import main
from promptkit.errors import ExitCode

LINT = ["lint", "--select", "over-token-limit", "--format", "json", "caption.json"]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A caption that is too long by any vocabulary but that of the checkpoint beside it."""
    monkeypatch.chdir(tmp_path)
    caption = {"compositional_deconstruction": {"background": "oak " * 3000, "elements": []}}
    Path("caption.json").write_text(json.dumps(caption))
    folder = Path("checkpoint/tokenizer")
    folder.mkdir(parents=True)
    # One token for whatever it is given: the counts of the two cannot be mixed up.
    model = {"type": "WordLevel", "vocab": {"all": 0}, "unk_token": "all"}
    (folder / "tokenizer.json").write_text(json.dumps({"version": "1.0", "model": model}))


def test_the_option_counts_with_a_checkpoint() -> None:
    pytest.importorskip("tokenizers")
    assert main(LINT) is ExitCode.FINDINGS
    assert main([*LINT, "--tokenizer", "checkpoint"]) is ExitCode.OK


def test_the_configuration_names_one_from_its_own_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("tokenizers")
    Path("promptkit.toml").write_text('tokenizer = "checkpoint"')
    Path("inner").mkdir()
    monkeypatch.chdir("inner")
    assert main([*LINT[:-1], "../caption.json"]) is ExitCode.OK
    assert main([*LINT[:-1], "../caption.json", "--isolated"]) is ExitCode.FINDINGS


def test_one_that_is_not_there_is_told_whatever_the_caption(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("caption.json").write_text("{}")
    assert main([*LINT, "--tokenizer", "nowhere"]) is ExitCode.USAGE
    assert capsys.readouterr().err.startswith("promptkit: nowhere: no tokenizer.json there")
    Path("promptkit.toml").write_text('tokenizer = "nowhere"')
    assert main(LINT) is ExitCode.USAGE
    said = capsys.readouterr().err
    assert "promptkit.toml: tokenizer: " in said
    assert "nowhere: no tokenizer.json there" in said
