"""Apply fixes until none is left, touching nothing but what each fix names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from promptkit.document import MAX_BYTES, Document, read
from promptkit.lint.disjoint import apart, mended
from promptkit.lint.engine import DEFAULT_OPTIONS, DEFAULT_SELECTION, lint
from promptkit.lint.finding import Finding, Fix, Safety, Severity
from promptkit.lint.rule import Options
from promptkit.lint.selection import Selection

MAX_PASSES: Final = 100
"""Far more than any file needs: fixes that touch each other take a pass each."""
MAX_REFUSALS: Final = 8
"""So many bad fixes on one text, and the rest is left alone: each costs several readings."""


@dataclass(frozen=True, slots=True)
class FixResult:
    """The text after fixing, what was done, and what is left."""

    text: str
    fixed: tuple[Finding, ...]
    remaining: tuple[Finding, ...]


class _State(NamedTuple):
    """A text and what rules say about it."""

    document: Document
    findings: list[Finding]

    @property
    def badness(self) -> tuple[bool, int, int, int]:
        """Smaller is better: readable at all, then errors, then everything else.

        At last the length: some rules look at a limited number of elements, and where one is
        dropped the next comes into their sight.
        """
        errors = sum(finding.severity is Severity.ERROR for finding in self.findings)
        return (
            not self.document.captions,
            errors,
            len(self.findings),
            len(self.document.text),
        )


def fix(
    text: str,
    selection: Selection = DEFAULT_SELECTION,
    options: Options = DEFAULT_OPTIONS,
    *,
    unsafe: bool = False,
) -> FixResult:
    """Mend every finding that can be mended safely, or with ``unsafe`` also by a guess.

    Fixes that touch each other are made one after the other, each on a freshly read text. Every
    pass has to leave the text better than it was, or it is not made; so nothing is ever mended for
    the worse, and two fixes cannot undo each other for ever.
    """
    state = _look(text, selection, options)
    fixed: list[Finding] = []
    refused: set[tuple[str, int, int]] = set()
    for _ in range(MAX_PASSES + MAX_REFUSALS):
        batch = apart(
            finding
            for finding in state.findings
            if is_applicable(finding.fix, unsafe=unsafe) and _identity(finding) not in refused
        )
        if not batch or len(refused) >= MAX_REFUSALS:
            break
        text = mended(state.document.text, batch)
        if len(text) > MAX_BYTES:
            # It has outgrown what is read at all; to look for fixes that fit would take minutes.
            break
        after = _look(text, selection, options)
        while after.badness >= state.badness and len(batch) > 1:
            batch = batch[: len(batch) // 2]
            after = _look(mended(state.document.text, batch), selection, options)
        if after.badness < state.badness:
            state = after
            fixed += batch
            # What was refused on one text may do on the next.
            refused = set()
        else:
            refused.add(_identity(batch[0]))
    return FixResult(state.document.text, tuple(fixed), tuple(state.findings))


def is_applicable(remedy: Fix | None, *, unsafe: bool) -> bool:
    """Whether a fix may be made under the given rule of safety."""
    return remedy is not None and (unsafe or remedy.safety is Safety.SAFE)


def _look(text: str, selection: Selection, options: Options) -> _State:
    document = read(text)
    return _State(document, lint(document, selection, options))


def _identity(finding: Finding) -> tuple[str, int, int]:
    return finding.code, finding.start, finding.end
