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


def test_a_row_that_does_not_fit_is_named_with_its_table_before_a_file_is_written(
    template: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, out = tmp_path / "moods.csv", tmp_path / "out"
    table.write_text("mood\ncalm\nangry\n", encoding="utf-8")
    assert main(["render", template, "--vars", str(table), "--out", str(out)]) == 2
    assert f"{table}: row 2: 'angry': no choice of 'mood'" in capsys.readouterr().err
    assert list(out.glob("*")) == []


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
        (["--prune"], "--prune is for the files of --out"),
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


def texts(lines: str) -> list[str]:
    captions = [json.loads(line) for line in lines.splitlines()]
    return [c["compositional_deconstruction"]["elements"][0]["text"] for c in captions]


def test_the_command_line_outweighs_the_table(
    template: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "titles.csv"
    table.write_text("title,mood\nOne,calm\nTwo,wild\n", encoding="utf-8")
    assert main(["render", template, "--vars", str(table), "--set", "title=Shut"]) == 0
    captured = capsys.readouterr()
    assert texts(captured.out) == ["Shut", "Shut"]
    assert f"--set or --matrix outweighs what {table} says of 'title'" in captured.err
    assert "'mood'" not in captured.err


def test_identical_variants_on_stdout_are_announced(
    template: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["render", template, "--sample", "20", "--seed", "1"]) == 0
    captured = capsys.readouterr()
    assert len(captured.out.splitlines()) == 20
    told = [line for line in captured.err.splitlines() if " equals variant " in line]
    assert len(told) == 10
    assert "8 more variants equal another one" in captured.err


def test_the_configuration_of_the_folder_says_which_rules_run(
    template: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    arguments = ["render", template, "--set", "title= Open ", "--out", str(out)]
    assert main(arguments) == 1
    (out / "promptkit.toml").write_text('ignore = ["padded-text"]\n', encoding="utf-8")
    assert main(arguments) == 0
    (out / "promptkit.toml").write_text('severity = {padded-text = "info"}\n', encoding="utf-8")
    assert main(arguments) == 0
    (out / "promptkit.toml").write_text('tokenizer = "nowhere"\n', encoding="utf-8")
    assert main(arguments) == 2
    assert "tokenizer" in capsys.readouterr().err


def test_the_configured_size_is_for_templates_that_name_none(template: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "promptkit.toml").write_text('size = "1536x640"\n', encoding="utf-8")
    sizes = []
    for extra in ([], ["--size", "640x640"]):
        assert main(["render", template, "--out", str(out), *extra]) == 0
        sizes.append(json.loads((out / "manifest.jsonl").read_text())["size"])
    named = tmp_path / "named.json.j2"
    named.write_text(TEMPLATE.replace("---\n", "---\nsize: 800x800\n", 1), encoding="utf-8")
    assert main(["render", str(named), "--out", str(out)]) == 0
    sizes.append(json.loads((out / "manifest.jsonl").read_text())["size"])
    assert sizes == ["1536x640", "640x640", "800x800"]


@pytest.fixture
def folder(template: str, tmp_path: Path) -> Path:
    """Two variants, of which the next runs make only the first."""
    out = tmp_path / "out"
    assert main(["render", template, "--matrix", "mood=*", "--out", str(out)]) == 0
    return out


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_files_of_an_earlier_run_are_told_and_deleted_when_asked(
    template: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = ["manifest.jsonl", "sign-0001.json"]
    one = ["render", template, "--out", str(folder), "--indent", "2"]
    for _ in range(2):
        assert main(one) == 0
        assert "1 file of an earlier run" in capsys.readouterr().err
        assert set(names(folder)) == {*kept, "sign-0002.json", ".manifest-leftover.jsonl"}
    assert main([*one, "--prune"]) == 0
    assert "1 file of an earlier run deleted" in capsys.readouterr().err
    assert names(folder) == kept
    assert main([*one, "--prune"]) == 0
    assert "earlier run" not in capsys.readouterr().err


def test_a_value_with_a_line_separator_of_its_own_hides_no_file(
    template: str, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    arguments = ["render", template, "--set", "title=a\u2028b", "--out", str(out)]
    assert main([*arguments, "--matrix", "mood=*"]) == 1
    assert main([*arguments, "--prune"]) == 1
    assert names(out) == ["manifest.jsonl", "sign-0001.json"]


def test_a_key_that_was_written_in_a_second_time_is_a_change(template: str, folder: Path) -> None:
    changed = folder / "sign-0002.json"
    text = changed.read_text().replace('"background":', '"background":"Mine.","background":')
    changed.write_text(text)
    assert main(["render", template, "--out", str(folder), "--prune"]) == 0
    assert changed.read_text() == text


@pytest.mark.parametrize("content", ["{}", "no JSON", '{"high_level_description": "Mine."}'])
def test_what_was_changed_since_is_kept(
    template: str, folder: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = folder / "sign-0002.json"
    changed.write_text(content, encoding="utf-8")
    assert main(["render", template, "--out", str(folder), "--prune"]) == 0
    assert "1 file of an earlier run kept, changed since: sign-0002.json" in capsys.readouterr().err
    assert changed.read_text() == content


def test_only_what_the_manifest_lists_in_the_folder_is_deleted(
    template: str, folder: Path, tmp_path: Path
) -> None:
    row = json.loads((folder / "manifest.jsonl").read_text().splitlines()[1])
    caption = (folder / "sign-0002.json").read_text()
    others = [tmp_path / "outside.json", folder / "unlisted.json", folder / "sign-0002.txt"]
    for path in others:
        path.write_text(caption, encoding="utf-8")
    wrong = [{**row, "file": name} for name in ("../outside.json", str(others[0]), "sign-0002.txt")]
    rows = [json.dumps(each) for each in (*wrong, {"file": 1, "sha256": None}, [], row)]
    (folder / "manifest.jsonl").write_text("\n".join([*rows, "no row"]), encoding="utf-8")
    (folder / "link.json").symlink_to(others[1])
    assert main(["render", template, "--out", str(folder), "--prune"]) == 0
    assert all(path.exists() for path in others)
    assert not (folder / "sign-0002.json").exists()
