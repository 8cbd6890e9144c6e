"""For people: the place, the mistake, the line it stands on, and what would mend it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from promptkit.document import Document
from promptkit.lint.finding import Finding, Safety, Severity
from promptkit.report.cells import excerpt, visible
from promptkit.report.result import Checked, Look

_COLORS: Final = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}
_BOLD: Final = "1"
_DIM: Final = "2"


def render(results: Iterable[Checked], look: Look) -> Iterator[str]:
    """One block of three to four lines for each finding."""
    for result in results:
        for finding in result.findings:
            yield "".join(f"{line}\n" for line in _block(result, finding, look))


def _block(result: Checked, finding: Finding, look: Look) -> Iterator[str]:
    color = _COLORS[finding.severity]
    place = f"{visible(result.name)}:{finding.place.line}:{finding.place.column}:"
    kind = f"{finding.severity} {finding.code} {finding.slug}:"
    yield (
        f"{_paint(place, _BOLD, look)} {_paint(kind, f'{_BOLD};{color}', look)} "
        f"{visible(finding.message)}"
    )
    gutter = f"{finding.place.line:>5} | "
    margin = " " * (len(gutter) - 2) + "| "
    line = result.document.line(finding.place.line)
    if line.strip():
        part = excerpt(line, *_marked(result.document, finding), look.width - len(gutter))
        yield f"{_paint(gutter, _DIM, look)}{part.text}"
        marks = " " * part.indent + _paint("^" * part.length, color, look)
        yield f"{_paint(margin, _DIM, look)}{marks}"
    notes = [visible(finding.pointer)] if finding.pointer else []
    if finding.fix:
        label = "fix" if finding.fix.safety is Safety.SAFE else "unsafe fix"
        notes.append(f"{label}: {visible(finding.fix.title)}")
    if notes:
        yield _paint(f"{margin[:-2]}= {' · '.join(notes)}", _DIM, look)


def _marked(document: Document, finding: Finding) -> tuple[int, int]:
    """The part of the first line that the finding is about."""
    place = finding.place
    end = place.end_column - 1
    if place.end_line > place.line:
        end = len(document.line(place.line))
    return place.column - 1, end


def _paint(text: str, codes: str, look: Look) -> str:
    return f"\x1b[{codes}m{text}\x1b[0m" if look.color else text
