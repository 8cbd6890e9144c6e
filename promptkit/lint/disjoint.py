"""Choose fixes that do not touch each other, and make them together."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence

from promptkit.document import Edit, apply_edits
from promptkit.lint.finding import Finding


def apart(findings: Iterable[Finding]) -> list[Finding]:
    """Findings whose fixes do not touch each other, lowest codes first: reading before meaning."""
    taken = _Taken()
    return [
        finding
        for finding in sorted(findings, key=lambda each: (each.code, each.start))
        if finding.fix is not None and taken.add(finding.fix.edits)
    ]


def mended(text: str, findings: Iterable[Finding]) -> str:
    """``text`` with the fixes of ``findings`` made, which have to be apart."""
    return apply_edits(text, {edit for each in findings if each.fix for edit in each.fix.edits})


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
