from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from promptkit.errors import ConfigError
from promptkit.lint import Severity
from promptkit.settings import Config, FormatSettings, Settings, load, nearest

EVERYTHING = """
select = ["C1", "key-order"]
extend-select = ["C601"]
ignore = ["C105"]
size = "1536x640"
tokenizer = "ideogram-4-fp8"
exclude = ["old", "drafts/*.json"]
baseline = "known.json"

[per-file-ignores]
"tests/*" = ["C2"]

[severity]
C201 = "info"

[fmt]
indent = 4
compact = true
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def config(text: str, name: str = "promptkit.toml") -> Config:
    path = Path.cwd() / name
    path.write_text(text)
    return load(path)


def test_every_setting_can_be_set() -> None:
    found = config(EVERYTHING).settings
    assert found == Settings(
        select=("C1", "key-order"),
        extend_select=("C601",),
        ignore=("C105",),
        per_file_ignores={"tests/*": ("C2",)},
        severity={"C201": Severity.INFO},
        size="1536x640",
        tokenizer="ideogram-4-fp8",
        exclude=("old", "drafts/*.json"),
        baseline="known.json",
        fmt=FormatSettings(indent=4, compact=True),
    )
    assert str(found.picture_size) == "1536x640"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('selct = ["C1"]', "promptkit.toml: selct: no such setting; did you mean 'select'?"),
        (
            '[tool.promptkit]\nselect = ["C1"]',
            "promptkit.toml: [tool.promptkit]: is for pyproject.toml; leave this line out in",
        ),
        ("zzz = 1", "promptkit.toml: zzz: no such setting; there are select, extend-select, "),
        ("per_file_ignores = {}", "did you mean 'per-file-ignores'?"),
        ("[fmt]\nindnt = 2", "promptkit.toml: fmt.indnt: no such setting; did you mean 'indent'?"),
        ('select = "C1"', 'promptkit.toml: select: should be a list, e.g. ["C101"]'),
        ("ignore = [1]", "promptkit.toml: ignore.0 is 1, expected a string"),
        ('size = "big"', "promptkit.toml: size 'big' is not of the form WIDTHxHEIGHT"),
        (
            'severity = { C201 = "bad" }',
            "promptkit.toml: severity.C201 is \"bad\", expected 'error',",
        ),
        ("fmt = 2", "promptkit.toml: fmt: should be a table"),
        ("[fmt]\nindent = 9", "promptkit.toml: fmt: indent 9 is not between 1 and 8"),
        ("select = [", "promptkit.toml: is not TOML"),
    ],
)
def test_what_cannot_be_followed_is_told_with_its_place(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config(text)
    assert message in str(caught.value)


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(ConfigError, match=r"(?s)a: no such.*b: no such"):
        config("a = 1\nb = 2")


def test_a_project_file_is_asked_for_its_table() -> None:
    found = config('[tool.promptkit]\nignore = ["C1"]', "pyproject.toml")
    assert found.settings.ignore == ("C1",)
    assert found.where == "pyproject.toml [tool.promptkit]"
    with pytest.raises(ConfigError, match=r"pyproject.toml: \[tool.promptkit\] x: no such"):
        config("[tool.promptkit]\nx = 1", "pyproject.toml")
    with pytest.raises(ConfigError, match=r"has no \[tool.promptkit\] table"):
        config('tool = "none"', "pyproject.toml")


def test_a_configuration_that_is_named_has_to_be_there() -> None:
    with pytest.raises(ConfigError, match=r"nowhere.toml: cannot be read"):
        load(Path("nowhere.toml"))


def test_the_nearest_file_with_settings_counts_and_hides_those_above() -> None:
    here = Path.cwd()
    (here / "a/b/c").mkdir(parents=True)
    (here / "promptkit.toml").write_text('ignore = ["C1"]')
    (here / "a/pyproject.toml").write_text('[tool.promptkit]\nselect = ["C2"]')
    (here / "a/b/pyproject.toml").write_text('[project]\nname = "promptkit-samples"')
    known: dict[Path, Config] = {}
    assert nearest(here, known).settings.ignore == ("C1",)
    assert nearest(here / "a/b/c", known).settings.select == ("C2",)
    assert nearest(here / "a/b/c", known).settings.ignore == ()
    assert nearest(here / "a/b/c", known).root == here / "a"


def test_in_one_folder_the_own_file_wins() -> None:
    here = Path.cwd()
    (here / "promptkit.toml").write_text('ignore = ["C1"]')
    (here / "pyproject.toml").write_text('[tool.promptkit]\nignore = ["C2"]')
    assert nearest(here, {}).settings.ignore == ("C1",)


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("old", "old/x.json", True),
        ("old", "a/old/b/x.json", True),
        ("old", "older/x.json", False),
        ("*.draft.json", "a/x.draft.json", True),
        ("old/x.json", "old/x.json", True),
        ("old/x.json", "a/old/x.json", False),
        ("./old/", "old/x.json", True),
        ("a/old", "a/old/b/x.json", True),
        ("a/*", "a/b/x.json", True),
        ("a/*", "../a/x.json", False),
    ],
)
def test_patterns_are_relative_to_the_configuration(
    pattern: str, path: str, *, expected: bool
) -> None:
    found = config(f"exclude = ['{pattern}']")
    assert found.excludes(Path(path)) is expected
    assert found.excludes(Path.cwd() / path) is expected


def test_rules_ignored_in_a_file_add_up() -> None:
    found = config('[per-file-ignores]\n"a/*" = ["C1"]\n"*.json" = ["C2"]\n"b" = ["C3"]')
    assert found.ignored_in(Path("a/x.json")) == ("C1", "C2")


def test_without_a_file_nothing_is_loaded_to_check_it() -> None:
    code = (
        "import sys; from pathlib import Path; from promptkit.settings import nearest\n"
        "nearest(Path.cwd(), {}); print(*sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"pydantic", "tomllib"} & set(run.stdout.split())
