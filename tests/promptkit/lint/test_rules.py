"""The rules, linted: each has a place, a page that tells the truth, and fixtures."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from promptkit.document import read
from promptkit.lint import Options, Rule, Selection, Severity, all_rules, fix, lint, rules
from promptkit.lint.rule import Group
from tests.promptkit.lint import pages

RULES = all_rules()
SLUGS = [rule.slug for rule in RULES]
EXAMPLES = [(rule, example) for rule in RULES for example in pages.examples(rule.page)]
BAD_FILES = [(rule, file) for rule in RULES for file in pages.fixtures(rule, "bad")]
GOOD_FILES = [(rule, file) for rule in RULES for file in pages.fixtures(rule, "good")]

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.slug)
each_bad_file = pytest.mark.parametrize(
    ("rule", "file"), BAD_FILES, ids=[f"{rule.slug}-{file.name}" for rule, file in BAD_FILES]
)


def _slugs(source: str | bytes, rule: Rule, options: Options) -> set[str]:
    return {each.slug for each in lint(source, Selection(select=(rule.code,)), options)}


def test_every_module_of_rules_is_registered_once_under_its_own_name() -> None:
    folder = Path(rules.__path__[0])
    modules = [file.stem.replace("_", "-") for file in folder.glob("[!_]*.py")]
    assert sorted(SLUGS) == sorted(modules)


def test_codes_are_unique() -> None:
    assert [code for code, times in Counter(rule.code for rule in RULES).items() if times > 1] == []


@each_rule
def test_code_and_slug_have_the_form_that_people_script_against(rule: Rule) -> None:
    assert re.fullmatch(r"C\d\d\d", rule.code)
    assert rule.group in Group
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.slug)


@each_rule
def test_a_rule_has_one_way_to_be_checked(rule: Rule) -> None:
    assert [bool(rule.caption), bool(rule.document), rule.flaw].count(True) == 1


@each_rule
def test_infos_are_opt_in_and_errors_and_warnings_are_not(rule: Rule) -> None:
    assert rule.default is (rule.severity is not Severity.INFO)


@each_rule
def test_the_page_says_what_why_and_how_often(rule: Rule) -> None:
    paragraphs = rule.page.strip().split("\n\n")
    assert rule.summary.endswith(".")
    assert len(rule.summary) < 200
    assert not re.match(r"(Bad|Good|Fix|Rate)\b", paragraphs[1]), "no paragraph says why"
    assert re.search(r"^Rate: .*\S", rule.page, re.MULTILINE)
    assert {example.verdict for example in pages.examples(rule.page)} == {"Bad", "Good"}


@pytest.mark.parametrize(
    ("rule", "example"),
    EXAMPLES,
    ids=[f"{rule.slug}-{example.verdict.lower()}" for rule, example in EXAMPLES],
)
def test_the_examples_on_the_page_fail_and_pass(rule: Rule, example: pages.Example) -> None:
    if example.caption is None:
        return
    if example.verdict == "Bad":
        assert rule.slug in _slugs(example.caption, rule, example.options)
        return
    assert rule.slug not in _slugs(example.caption, rule, example.options)
    serious = [
        finding
        for finding in lint(example.caption, options=example.options)
        if finding.severity is not Severity.INFO
    ]
    assert serious == []


@each_rule
def test_every_rule_has_fixtures(rule: Rule) -> None:
    assert pages.fixtures(rule, "bad")
    assert pages.fixtures(rule, "good")


def test_every_fixture_belongs_to_a_rule() -> None:
    assert {folder.name for folder in pages.FIXTURES.iterdir()} <= set(SLUGS)
    known = {file for _, file in BAD_FILES + GOOD_FILES}
    known |= {pages.fixed_twin(file) for _, file in BAD_FILES}
    assert {file for file in pages.FIXTURES.glob("*/*") if file not in known} == set()


@each_bad_file
def test_a_bad_file_yields_its_rule(rule: Rule, file: Path) -> None:
    findings = lint(file.read_bytes(), Selection(select=(rule.code,)), pages.options_of(file))
    assert findings
    for finding in findings:
        assert finding.message
        assert finding.message == finding.message.strip().removesuffix(".")


@pytest.mark.parametrize(
    ("rule", "file"), GOOD_FILES, ids=[f"{rule.slug}-{file.name}" for rule, file in GOOD_FILES]
)
def test_a_good_file_does_not(rule: Rule, file: Path) -> None:
    assert _slugs(file.read_bytes(), rule, pages.options_of(file)) == set()


@each_rule
def test_the_page_says_whether_there_is_a_fix(rule: Rule) -> None:
    selection = Selection(select=(rule.code,))
    offered = any(
        finding.fix is not None
        for file in pages.fixtures(rule, "bad")
        for finding in lint(file.read_bytes(), selection, pages.options_of(file))
    )
    assert offered == bool(re.search(r"^Fix: ", rule.page, re.MULTILINE))


@each_bad_file
def test_the_fix_of_a_bad_file_is_exactly_its_twin(rule: Rule, file: Path) -> None:
    text = read(file.read_bytes()).text
    result = fix(text, Selection(select=(rule.code,)), pages.options_of(file), unsafe=True)
    twin = pages.fixed_twin(file)
    expected = twin.read_bytes().decode() if twin.exists() else text
    assert result.text == expected
