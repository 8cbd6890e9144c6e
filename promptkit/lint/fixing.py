"""Apply fixes until none is left, touching nothing but what each fix names."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from promptkit.document import Document, Edit, apply_edits, read
from promptkit.lint.engine import DEFAULT_OPTIONS, DEFAULT_SELECTION, lint
from promptkit.lint.finding import Finding, Fix, Safety, Severity
from promptkit.lint.rule import Options
from promptkit.lint.selection import Selection

MAX_PASSES: Final = 100
"""Far more than any file needs: fixes that touch each other take a pass each."""
MAX_REFUSALS: Final = 20
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
    def badness(self) -> tuple[bool, int, int]:
        """Smaller is better: readable at all, then errors, then everything else."""
        errors = sum(finding.severity is Severity.ERROR for finding in self.findings)
        return not self.document.captions, errors, len(self.findings)


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
    refused: set[tuple[str, str, str]] = set()
    for _ in range(MAX_PASSES + MAX_REFUSALS):
        batch = _apart(state.findings, unsafe=unsafe, refused=refused)
        if not batch or len(refused) >= MAX_REFUSALS:
            break
        after = _look(_mended(state, batch), selection, options)
        while after.badness >= state.badness and len(batch) > 1:
            batch = batch[: len(batch) // 2]
            after = _look(_mended(state, batch), selection, options)
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


def _mended(state: _State, batch: list[Finding]) -> str:
    edits = {edit for finding in batch if finding.fix for edit in finding.fix.edits}
    return apply_edits(state.document.text, edits)


def _identity(finding: Finding) -> tuple[str, str, str]:
    return finding.code, finding.pointer, finding.message


def _apart(
    findings: list[Finding], *, unsafe: bool, refused: set[tuple[str, str, str]]
) -> list[Finding]:
    """Findings whose fixes do not touch each other, lowest codes first: reading before meaning."""
    chosen: list[Finding] = []
    taken = _Taken()
    for finding in sorted(findings, key=lambda each: (each.code, each.start)):
        remedy = finding.fix
        if (
            remedy is not None
            and is_applicable(remedy, unsafe=unsafe)
            and _identity(finding) not in refused
            and taken.add(remedy.edits)
        ):
            chosen.append(finding)
    return chosen


class _Taken:
    """Edits that do not touch each other, found in logarithmic time."""

    def __init__(self) -> None:
        self._edits: list[Edit] = []

    def add(self, edits: Sequence[Edit]) -> bool:
        """Take ``edits`` in, or none of them if one touches what was taken before.

        Two insertions at one place touch: their order would be a guess. A fix that two findings
        share is made once.
        """
        if all(self._has(edit) for edit in edits):
            return True
        if any(self._touches(edit) for edit in edits):
            return False
        for edit in edits:
            insort(self._edits, edit)
        return True

    def _has(self, edit: Edit) -> bool:
        place = bisect_left(self._edits, edit)
        return self._edits[place : place + 1] == [edit]

    def _touches(self, edit: Edit) -> bool:
        place = bisect_left(self._edits, edit)
        before, after = self._edits[max(place - 1, 0) : place], self._edits[place : place + 1]
        return any(
            other.start == edit.start or (other.start < edit.end and edit.start < other.end)
            for other in (*before, *after)
        )
