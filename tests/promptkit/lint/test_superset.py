"""Whenever the reference verifier complains, lint reports at least one error or warning."""

from __future__ import annotations

import pytest

from promptkit.lint import Severity, lint
from tests.promptkit.lint import mutations
from tests.promptkit.lint.oracle import complaints

CAPTIONS = mutations.good_captions()


def _serious(text: str) -> list[str]:
    return [each.slug for each in lint(text) if each.severity is not Severity.INFO]


def test_the_oracle_is_content_with_good_captions() -> None:
    content = [
        caption
        for caption in CAPTIONS
        if not _serious(mutations.written(mutations.seeded(1), caption))
    ]
    assert len(content) > 5


@pytest.mark.parametrize("seed", range(20))
def test_lint_covers_the_reference_on_mutated_captions(seed: int) -> None:
    rng = mutations.seeded(seed)
    complained = 0
    for _ in range(60):
        broken = mutations.mutated(rng, rng.choice(CAPTIONS), rng.choice([1, 1, 1, 2, 4]))
        text = mutations.written(rng, broken)
        if reasons := complaints(text):
            complained += 1
            assert _serious(text), (reasons, text)
    assert complained > 20


@pytest.mark.parametrize("seed", range(20))
def test_lint_covers_the_reference_on_scribbled_text(seed: int) -> None:
    rng = mutations.seeded(seed)
    for _ in range(60):
        text = mutations.scribbled(rng, mutations.written(rng, rng.choice(CAPTIONS)))
        if reasons := complaints(text):
            assert _serious(text), (reasons, text)
