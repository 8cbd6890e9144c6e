"""For programs: one object with ``version``, ``findings`` and ``summary``.

The version rises when a key changes its meaning or goes away; new keys may come at any time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from promptkit.lint.finding import Finding, Severity
from promptkit.report.result import Checked, Look, Summary

VERSION: Final = 1


def render(results: Iterable[Checked], _: Look) -> Iterator[str]:
    """The whole report as one piece."""
    summary = Summary()
    findings: list[dict[str, Any]] = []
    for result in results:
        summary.add(result.findings)
        findings += [_entry(result.name, finding) for finding in result.findings]
    counts = {str(severity): summary.severities[severity] for severity in Severity}
    report = {
        "version": VERSION,
        "findings": findings,
        "summary": {"files": summary.files, **counts, "fixable": summary.fixable},
    }
    yield json.dumps(report, ensure_ascii=False, indent=2) + "\n"


def _entry(name: str, finding: Finding) -> dict[str, Any]:
    fix = finding.fix
    return {
        "file": name,
        **finding.place._asdict(),
        "pointer": finding.pointer,
        "code": finding.code,
        "slug": finding.slug,
        "severity": finding.severity,
        "message": finding.message,
        "fix": {"title": fix.title, "safety": fix.safety} if fix else None,
    }
