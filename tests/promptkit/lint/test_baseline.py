from __future__ import annotations

import pytest

from promptkit.document import read
from promptkit.errors import ConfigError
from promptkit.lint import Finding, Selection, lint
from promptkit.lint.baseline import Baseline, entry_of, loads

SELECTION = Selection(select=("key-order", "invalid-color"))
ELEMENT = '{"desc": "A ladder.", "type": "obj"}'
BOTTLE = '{"type": "obj", "desc": "A bottle.", "color_palette": ["#12ab34"]}'
OLD = f'{{"compositional_deconstruction": {{"elements": [{ELEMENT}, {BOTTLE}]}}}}'
NAME = "posters/old.json"


def findings(text: str) -> list[Finding]:
    return lint(text, SELECTION)


def recorded(text: str) -> Baseline:
    document = read(text)
    entries = tuple(entry_of(document, finding) for finding in findings(text))
    return loads(Baseline({NAME: entries}).dumps(), "known.json")


def fresh(baseline: Baseline, text: str, name: str = NAME) -> tuple[list[str], int]:
    compared = baseline.compare(name, read(text), findings(text))
    return [finding.pointer for finding in compared.fresh], compared.stale


ELEMENTS = "/compositional_deconstruction/elements"


def test_two_rules_find_something() -> None:
    assert [finding.code for finding in findings(OLD)] == ["C201", "C502"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (OLD, ([], 0)),
        (OLD.replace("{", "{\n\n   "), ([], 0)),
        (OLD.replace("[{", '[{"type": "obj", "desc": "A wall."}, {'), ([], 0)),
        (OLD.replace("A ladder.", "A long ladder."), ([], 0)),
        (OLD.replace("12ab34", "12ab35"), ([f"{ELEMENTS}/1/color_palette/0"], 1)),
        (OLD.replace(ELEMENT, f"{ELEMENT}, {ELEMENT}"), ([f"{ELEMENTS}/1"], 0)),
        (OLD.replace(ELEMENT + ", ", ""), ([], 1)),
    ],
    ids=["same", "lines", "inserted", "beside", "edited", "one more", "mended"],
)
def test_what_stays_known(text: str, expected: tuple[list[str], int]) -> None:
    assert fresh(recorded(OLD), text) == expected


def test_another_file_is_not_known() -> None:
    assert len(fresh(recorded(OLD), OLD, "posters/new.json")[0]) == 2


def test_a_finding_of_the_text_itself_is_known_by_its_text() -> None:
    selection = Selection(select=("C1",))
    text = '{"style_description": {},}'
    document = read(text)
    found = lint(text, selection)
    baseline = Baseline({NAME: tuple(entry_of(document, finding) for finding in found)})
    longer = '\n{"style_description": {},}\n'
    assert found
    assert baseline.compare(NAME, read(longer), lint(longer, selection)).fresh == ()


def test_odd_names_survive_the_file() -> None:
    text = '{"compositional_deconstruction": {"elements": [{"color_palette": ["é \\ud83d"]}]}}'
    document = read(text)
    entry = entry_of(document, findings(text)[0])
    baseline = Baseline({'a "b"/喫.json': (entry,), "\udcff.json": (entry,), "none.json": ()})
    restored = loads(baseline.dumps().encode().decode(), "known.json")
    assert dict(restored.files) == {'a "b"/喫.json': (entry,), "\udcff.json": (entry,)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "known.json: is no baseline"),
        ("[]", "known.json: is no baseline"),
        ('{"version": 2, "files": {}}', "known.json: is a baseline of version 2, not 1"),
        ('{"version": 1}', "known.json: is no baseline"),
        ('{"version": 1, "files": {"a": [{"code": "C201"}]}}', "known.json: is no baseline"),
        (
            '{"version": 1, "files": {"a": [{"code": 1, "pointer": 2, "fingerprint": 3}]}}',
            "known.json: is no baseline",
        ),
        ('{"version": 1, "files": ' + "[" * 100_000, "known.json: is no baseline"),
    ],
)
def test_another_file_is_refused(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        loads(text, "known.json")
