"""Which rules run for which selectors, and how severe they are."""

from __future__ import annotations

import pytest

from promptkit.errors import ConfigError
from promptkit.lint import Selection, Severity, all_rules, find_rule, lint

CAPTION = '{"compositional_deconstruction": {"background": "b", "elements": []}}'


def _codes(selection: Selection) -> set[str]:
    return {rule.code for rule in selection.rules}


def test_by_default_run_all_but_the_infos() -> None:
    assert _codes(Selection()) == {
        rule.code for rule in all_rules() if rule.severity is not Severity.INFO
    }


def test_selectors_are_codes_prefixes_slugs_and_all() -> None:
    assert _codes(Selection(select=("C201",))) == {"C201"}
    assert _codes(Selection(select=("key-order", "c202"))) == {"C201", "C202"}
    assert _codes(Selection(select=("C2",))) == {r.code for r in all_rules() if r.code[1] == "2"}
    assert _codes(Selection(select=("all",))) == {rule.code for rule in all_rules()}


def test_ignoring_wins_over_selecting() -> None:
    assert _codes(Selection(select=("C20",), ignore=("key-order",))) & {"C201", "C202"} == {"C202"}


def test_extending_adds_to_the_default() -> None:
    info = next(rule for rule in all_rules() if rule.severity is Severity.INFO)
    assert _codes(Selection(extend_select=(info.slug,))) == _codes(Selection()) | {info.code}


@pytest.mark.parametrize("selector", ["C999", "key-ordre", "", "C", "2"])
def test_a_selector_that_names_no_rule_is_an_error(selector: str) -> None:
    with pytest.raises(ConfigError, match="no rule is called"):
        _ = Selection(select=(selector,)).rules


def test_the_error_suggests_what_was_meant() -> None:
    with pytest.raises(ConfigError, match="did you mean 'key-order'"):
        _ = Selection(ignore=("key-ordre",)).rules


def test_severities_can_be_set_by_any_selector() -> None:
    selection = Selection(select=("C236",), severity={"C2": Severity.INFO})
    assert [each.severity for each in lint(CAPTION, selection)] == [Severity.INFO]


def test_rules_are_found_by_code_and_slug_in_any_case() -> None:
    assert find_rule("c201") is find_rule("Key-Order") is not None
    assert find_rule("nothing") is None
