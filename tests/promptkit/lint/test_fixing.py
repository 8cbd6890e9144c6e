"""What fixing promises, held against thousands of broken captions in many layouts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from promptkit.document import Document, Edit, apply_edits, read
from promptkit.lint import (
    Finding,
    Fix,
    Options,
    Rule,
    Safety,
    Selection,
    Severity,
    fix,
    lint,
)
from promptkit.lint.fixing import is_applicable
from promptkit.lint.rule import Problem
from tests.promptkit.lint import mutations

CAPTIONS = mutations.good_captions()

seeds = pytest.mark.parametrize("seed", range(6))
either_way = pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])


def _broken(seed: int, count: int = 25) -> Iterator[str]:
    """Captions that are still JSON, but wrong in a few places."""
    rng = mutations.seeded(seed)
    for _ in range(count):
        wrong = mutations.mutated(rng, rng.choice(CAPTIONS), rng.choice([1, 2, 3, 5, 8]))
        yield mutations.written(rng, wrong)


def _scribbled(seed: int, count: int = 25) -> Iterator[str]:
    rng = mutations.seeded(seed)
    for text in _broken(seed + 1000, count):
        yield mutations.scribbled(rng, text)


def _errors(findings: list[Finding] | tuple[Finding, ...]) -> int:
    return sum(each.severity is Severity.ERROR for each in findings)


@seeds
@either_way
@pytest.mark.parametrize("texts", [_broken, _scribbled])
def test_nothing_that_can_be_fixed_is_left_and_nothing_gets_worse(
    seed: int, unsafe: bool, texts: Any
) -> None:
    for text in texts(seed):
        before = lint(text)
        result = fix(text, unsafe=unsafe)
        assert lint(result.text) == list(result.remaining)
        was_readable = bool(read(text).captions)
        assert bool(read(result.text).captions) >= was_readable, text
        assert _errors(result.remaining) <= _errors(before) or not was_readable, text
        left = [each for each in result.remaining if is_applicable(each.fix, unsafe=False)]
        assert left == [], text


@seeds
@either_way
@pytest.mark.parametrize("texts", [_broken, _scribbled])
def test_fixing_twice_is_fixing_once(seed: int, unsafe: bool, texts: Any) -> None:
    for text in texts(seed):
        once = fix(text, unsafe=unsafe).text
        assert fix(once, unsafe=unsafe).text == once, text


@seeds
@either_way
def test_the_layout_of_the_file_stays(seed: int, unsafe: bool) -> None:
    for text in _broken(seed):
        fixed = fix(text, unsafe=unsafe).text
        assert fixed[len(fixed.rstrip()) :] == text[len(text.rstrip()) :]
        if "\n" not in text.rstrip():
            assert "\n" not in fixed.rstrip(), text
        if "\n" not in text.replace("\r\n", ""):
            assert "\n" not in fixed.replace("\r\n", ""), text


@seeds
def test_every_single_fix_keeps_json_and_changes_nothing_but_what_its_finding_names(
    seed: int,
) -> None:
    for text in _broken(seed):
        before = json.loads(text)
        for finding in lint(text):
            if finding.fix is None or not read(text).captions:
                continue
            mended = apply_edits(text, finding.fix.edits)
            assert mended != text, finding
            after = json.loads(mended)
            named = Counter(_leaves(_at(before, finding.pointer)))
            lost = Counter(_leaves(before)) - Counter(_leaves(after)) - named
            # Words may be added to a description, never taken away from it.
            kept = [leaf for leaf in _leaves(after) if isinstance(leaf, str)]
            assert [leaf for leaf in lost if not _continued(leaf, kept)] == [], (finding, text)


@seeds
def test_every_safe_fix_betters_the_text_on_its_own(seed: int) -> None:
    for text in _broken(seed):
        findings = lint(text)
        for finding in findings:
            if finding.fix is not None and finding.fix.safety is Safety.SAFE:
                after = lint(apply_edits(text, finding.fix.edits))
                assert (_errors(after), len(after)) < (_errors(findings), len(findings)), (
                    finding,
                    text,
                )


@pytest.mark.parametrize("slug", ["key-order", "root-key-order", "unicode-escape"])
def test_order_and_escapes_are_mended_without_any_change_of_content(slug: str) -> None:
    seen = 0
    for seed in range(40):
        for text in _broken(seed):
            for finding in lint(text):
                if finding.slug == slug and finding.fix is not None:
                    seen += 1
                    after = apply_edits(text, finding.fix.edits)
                    assert repr(_sorted(json.loads(after))) == repr(_sorted(json.loads(text)))
        if seen > 30:
            return
    assert seen > 5


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for child in value.values() for leaf in _leaves(child)]
    if isinstance(value, list):
        return [leaf for child in value for leaf in _leaves(child)]
    return [value if isinstance(value, str) else repr(value)]


def _at(value: Any, pointer: str) -> Any:
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value


def _continued(leaf: Any, kept: list[str]) -> bool:
    return isinstance(leaf, str) and any(each.startswith(leaf.strip()) for each in kept)


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def _rule(code: str, check: Any, severity: Severity = Severity.ERROR) -> Rule:
    return Rule(code, f"rule-{code.lower()}", severity, "A page.", document=check)


def _selection(monkeypatch: pytest.MonkeyPatch, *rules: Rule) -> Selection:
    monkeypatch.setattr("promptkit.lint.selection.all_rules", lambda: rules)
    return Selection(select=tuple(rule.code for rule in rules))


def test_a_fix_that_spoils_the_text_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def check(document: Document, _: Options) -> Iterator[Problem]:
        yield Problem((0, 1), "bad", Fix("Spoil it", (Edit(0, 1, "}"),)))

    result = fix("{}", _selection(monkeypatch, _rule("C901", check)))
    assert result.text == "{}"
    assert result.fixed == ()


def test_good_fixes_are_made_beside_one_that_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def helps(document: Document, _: Options) -> Iterator[Problem]:
        for place in [at for at, char in enumerate(document.text) if char == "1"]:
            yield Problem((place, place + 1), "bad", Fix("Mend it", (Edit(place, place + 1, "2"),)))

    def harms(document: Document, _: Options) -> Iterator[Problem]:
        yield Problem((0, 1), "bad", Fix("Add more", (Edit(0, 0, "[1,1,"), Edit(7, 7, "]"))))

    selection = _selection(monkeypatch, _rule("C901", harms), _rule("C902", helps))
    result = fix("[1,1,1]", selection)
    assert result.text == "[2,2,2]"
    assert [finding.code for finding in result.remaining] == ["C901"]


def test_what_was_refused_on_one_text_is_tried_on_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    def needs_the_other(document: Document, _: Options) -> Iterator[Problem]:
        if "1" in document.text:
            good = "2" not in document.text
            yield Problem((1, 2), "bad", Fix("Mend it", (Edit(1, 2, "0" if good else "}"),)))

    def other(document: Document, _: Options) -> Iterator[Problem]:
        if "2" in document.text:
            yield Problem((3, 4), "bad", Fix("Mend it", (Edit(3, 4, "0"),)))

    selection = _selection(monkeypatch, _rule("C901", needs_the_other), _rule("C902", other))
    assert fix("[1,2]", selection).text == "[0,0]"


def test_fixes_that_undo_each_other_come_to_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    def swap(old: str, new: str) -> Any:
        def check(document: Document, _: Options) -> Iterator[Problem]:
            if document.text == old:
                yield Problem((0, 1), "bad", Fix("Swap", (Edit(0, 1, new),)))

        return check

    selection = _selection(
        monkeypatch, _rule("C901", swap("1", "2")), _rule("C902", swap("2", "1"))
    )
    for text in ("1", "2"):
        once = fix(text, selection).text
        assert fix(once, selection).text == once


def test_fixes_that_touch_are_made_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def check(document: Document, _: Options) -> Iterator[Problem]:
        for at in range(len(document.text) - 1):
            if document.text[at : at + 2] == "11":
                yield Problem((at, at + 2), "bad", Fix("Drop one", (Edit(at, at + 2, "1"),)))

    result = fix("111", _selection(monkeypatch, _rule("C901", check)))
    assert result.text == "1"
    assert len(result.fixed) == 2


def test_a_text_that_is_too_large_comes_back_as_it_was() -> None:
    text = " " * 200_000 + "{}"
    result = fix(text, unsafe=True)
    assert result.text == text
    assert [finding.slug for finding in result.remaining] == ["too-large"]
