"""For code-scanning services and editors: SARIF 2.1.0.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", errata 01.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from promptkit.document import Document, Edit
from promptkit.lint.baseline import entry_of
from promptkit.lint.finding import Finding, Safety, Severity
from promptkit.lint.registry import find_rule
from promptkit.report.result import Checked, Look
from promptkit.version import VERSION

SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS: Final = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
}


def render(results: Iterable[Checked], _: Look) -> Iterator[str]:
    """The whole log as one piece; of the rules it describes those that found something."""
    rules: list[dict[str, Any]] = []
    places: dict[str, int] = {}
    entries: list[dict[str, Any]] = []
    for result in results:
        for finding in result.findings:
            index = places.setdefault(finding.code, len(places))
            if index == len(rules):
                rules.append(_rule(finding))
            entries.append(_result(result, finding, index))
    run = {
        "tool": {"driver": {"name": "promptkit", "version": VERSION, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": entries,
    }
    yield json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(finding: Finding) -> dict[str, Any]:
    described: dict[str, Any] = {"id": finding.code, "name": finding.slug}
    rule = find_rule(finding.code)
    if rule is not None:
        page = rule.page.strip()
        described["shortDescription"] = {"text": rule.summary}
        described["help"] = {"text": page, "markdown": page}
        described["defaultConfiguration"] = {"level": _LEVELS[rule.severity]}
    return described


def _result(checked: Checked, finding: Finding, index: int) -> dict[str, Any]:
    artifact = {"uri": _uri(checked.name)}
    place = finding.place
    region = {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }
    location: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": artifact, "region": region}
    }
    if finding.pointer:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.pointer, "kind": "member"}]
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [location],
        "partialFingerprints": {"value/v1": entry_of(checked.document, finding).fingerprint},
    }
    if finding.fix:
        unsafe = "" if finding.fix.safety is Safety.SAFE else " (unsafe: a guess)"
        replacements = [_replacement(checked.document, edit) for edit in finding.fix.edits]
        change = {"artifactLocation": artifact, "replacements": replacements}
        description = {"text": f"{finding.fix.title}{unsafe}"}
        result["fixes"] = [{"description": description, "artifactChanges": [change]}]
    return result


def _replacement(document: Document, edit: Edit) -> dict[str, Any]:
    start, end = document.position(edit.start), document.position(edit.end)
    return {
        "deletedRegion": {
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        },
        "insertedContent": {"text": edit.replacement},
    }


def _uri(name: str) -> str:
    path = Path(name)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix(), errors="replace")
