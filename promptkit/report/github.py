"""For GitHub Actions: workflow commands that show findings beside the changed lines.

Source: GitHub's documentation, "Workflow commands for GitHub Actions", and the escaping of the
``@actions/core`` toolkit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from promptkit.lint.finding import Finding, Severity
from promptkit.report.cells import visible
from promptkit.report.result import Checked, Look

_COMMANDS: Final = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "notice",
}
_DATA: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY: Final = _DATA | str.maketrans({":": "%3A", ",": "%2C"})


def render(results: Iterable[Checked], _: Look) -> Iterator[str]:
    """One line for each finding."""
    for result in results:
        for finding in result.findings:
            yield f"{_command(result.name, finding)}\n"


def _command(name: str, finding: Finding) -> str:
    place = finding.place
    properties: dict[str, str | int] = {
        "file": visible(name),
        "line": place.line,
        "endLine": place.end_line,
    }
    if place.line == place.end_line:
        # GitHub has columns only within one line.
        properties |= {"col": place.column, "endColumn": place.end_column}
    properties["title"] = f"{finding.code} {finding.slug}"
    listed = ",".join(
        f"{key}={str(value).translate(_PROPERTY)}" for key, value in properties.items()
    )
    at = f" (at {finding.pointer})" if finding.pointer else ""
    message = visible(f"{finding.message}{at}").translate(_DATA)
    return f"::{_COMMANDS[finding.severity]} {listed}::{message}"
