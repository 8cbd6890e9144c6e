"""``promptkit render``, ``templates`` and ``new`` from outside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from promptkit.cli import main

TEMPLATE = """---
description: A sign
variables:
  title: {type: string, default: Open, description: What the sign says}
  mood: {type: choice, choices: [calm, wild]}
  unused: {type: string, default: ""}
---
{
  "high_level_description": "A {{ mood }} shop sign.",
  "compositional_deconstruction": {
    "background": "A brick wall in daylight above a pavement.",
    "elements": [
      {"type": "text", "text": {{ title }}, "desc": "White sans-serif capitals on a blue board."},
    ]
  }
}
"""


@pytest.fixture
def template(tmp_path: Path) -> str:
    path = tmp_path / "sign.json.j2"
    path.write_text(TEMPLATE, encoding="utf-8")
    return str(path)


def test_captions_go_to_stdout_one_a_line(
    template: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["render", template, "--matrix", "mood=*", "--set", 'title=Say "hi"']) == 0
    captured = capsys.readouterr()
    captions = [json.loads(line) for line in captured.out.splitlines()]
    assert [caption["high_level_description"] for caption in captions] == [
        "A calm shop sign.", "A wild shop sign.",
    ]  # fmt: skip
    texts = [c["compositional_deconstruction"]["elements"][0]["text"] for c in captions]
    assert texts == ['Say "hi"'] * 2
    assert "'unused' is never used" in captured.err


def test_a_table_fills_a_folder(template: str, tmp_path: Path) -> None:
    table = tmp_path / "titles.csv"
    table.write_text("title\nOne\nTwo\n", encoding="utf-8")
    out = tmp_path / "out"
    assert main(["render", template, "--vars", str(table), "--out", str(out), "--indent", "2"]) == 0
    rows = [json.loads(line) for line in (out / "manifest.jsonl").read_text().splitlines()]
    assert [row["values"]["title"] for row in rows] == ["One", "Two"]
    assert (out / rows[0]["file"]).read_text().startswith('{\n  "high_level')


def test_a_finding_is_told_once_with_the_templates_line(
    template: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["render", template, "--set", "title=", "--matrix", "mood=*"]) == 1
    lines = [line for line in capsys.readouterr().err.splitlines() if "sign.json.j2:13" in line]
    assert "(variable 'title') in sign-0001" in lines[0]
    assert lines[-1].endswith("again in 1 more variants")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--set", "titel=x"], "did you mean 'title'?"),
        (["--set", "title"], "write a variable's name, '=' and its value"),
        (["--matrix", "title=*"], "declares no choices"),
        (["--matrix", "mood=" + "calm," * 9999 + "wild"], "the limit is 100"),
        (["--sample", "0"], "ask for at least one"),
        (["--size", "big"], "is not of the form"),
        (["--vars", "missing.csv"], "missing.csv"),
        (["--size", "0x16"], "--size: size '0x16' has a side of 0 pixels"),
        (["--out", __file__], "is a file; name a folder"),
        (["--indent", "2"], "--indent is for the files of --out"),
        (["--indent", "9", "--out", "out"], "--indent 9 is not between 1 and 8"),
    ],
)
def test_wrong_use_is_explained(
    template: str, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["render", template, "--max", "100", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_templates_shows_the_variables(template: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["templates", template]) == 0
    shown = capsys.readouterr().out
    assert "title (string) = Open\n      What the sign says\n" in shown
    assert "mood (choice)\n      from calm, wild\n" in shown


def test_standard_input_is_the_template_or_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", "-", "--vars", "-"]) == 2
    assert "standard input is the template already" in capsys.readouterr().err


def test_an_unknown_template_gets_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", "no-such-template"]) == 2
    assert "no file and no template called 'no-such-template'" in capsys.readouterr().err
