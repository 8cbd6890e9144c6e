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
    def errors(self) -> int:
        return sum(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def badness(self) -> tuple[bool, int, int, int]:
        """Smaller is better: readable at all, then errors, then everything else.

        At last the length: some rules look at a limited number of elements, and where one is
        dropped the next comes into their sight.
        """
        unreadable = not self.document.captions
        return unreadable, self.errors, len(self.findings), len(self.document.text)


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
        wanted = [
            finding
            for finding in state.findings
            if is_applicable(finding.fix, unsafe=unsafe) and _identity(finding) not in refused
        ]
        batch = apart(wanted)
        outgrown = len(mended(state.document.text, batch)) > MAX_BYTES
        if not batch or outgrown or len(refused) >= MAX_REFUSALS:
            # Looking for those fixes that a text too long to be read has room for takes minutes.
            break
        after, batch = _after(state, batch, selection, options)
        if after.badness < state.badness:
            made = {edit for finding in batch if finding.fix for edit in finding.fix.edits}
            fixed += [each for each in wanted if each.fix and made.issuperset(each.fix.edits)]
            state = after
            # What was refused on one text may do on the next.
            refused = set()
        else:
            refused.add(_identity(batch[0]))
    # Of a text that is too large to be a caption the document keeps nothing.
    left = state.document.text if fixed else text
    return FixResult(left, tuple(fixed), tuple(state.findings))


def is_applicable(remedy: Fix | None, *, unsafe: bool) -> bool:
    """Whether a fix may be made under the given rule of safety."""
    return remedy is not None and (unsafe or remedy.safety is Safety.SAFE)


def _after(
    state: _State, batch: list[Finding], selection: Selection, options: Options
) -> tuple[_State, list[Finding]]:
    """The state that the fixes of ``batch`` lead to, or the first of them if one is no good."""
    after = _look(mended(state.document.text, batch), selection, options)
    while len(batch) > 1 and not _keeps_its_promise(state, after, batch):
        batch = batch[: len(batch) // 2]
        after = _look(mended(state.document.text, batch), selection, options)
    return after, batch


def _keeps_its_promise(before: _State, after: _State, batch: list[Finding]) -> bool:
    """Whether every fix did away with its finding and none brought a new error.

    A bad fix among good ones would otherwise hide in what they gained.
    """
    promised = sum(finding.severity is Severity.ERROR for finding in batch)
    return after.badness < before.badness and after.errors <= before.errors - promised


def _look(text: str, selection: Selection, options: Options) -> _State:
    document = read(text)
    return _State(document, lint(document, selection, options))


def _identity(finding: Finding) -> tuple[str, int, int]:
    return finding.code, finding.start, finding.end
