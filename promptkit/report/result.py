"""What reporters are given, and what they count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from promptkit.document import Document
from promptkit.lint.finding import Finding, Safety, Severity


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was looked at."""

    name: str
    """As the user wrote it or met it in a folder; relative to the working folder if possible."""
    document: Document
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What a terminal can show."""

    color: bool = False
    width: int = 100
    """Columns."""


@dataclass(slots=True)
class Summary:
    """The counts of a run."""

    files: int = 0
    severities: Counter[Severity] = field(default_factory=Counter)
    fixable: int = 0
    """Findings that ``--fix`` mends."""
    unsafely_fixable: int = 0
    """Findings that ``--fix --unsafe-fixes`` mends besides."""

    def add(self, findings: Iterable[Finding]) -> None:
        """Count a file and its findings."""
        self.files += 1
        for finding in findings:
            self.severities[finding.severity] += 1
            if finding.fix is not None:
                if finding.fix.safety is Safety.SAFE:
                    self.fixable += 1
                else:
                    self.unsafely_fixable += 1

    @property
    def fails(self) -> bool:
        """Whether there is an error or a warning; infos alone do not fail a run."""
        return bool(self.severities[Severity.ERROR] or self.severities[Severity.WARNING])
