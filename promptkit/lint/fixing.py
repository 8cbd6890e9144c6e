"""Apply fixes until none is left, touching nothing but what each fix names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from promptkit.document import Edit, apply_edits, read
from promptkit.document.edit import overlap
from promptkit.lint.engine import DEFAULT_OPTIONS, DEFAULT_SELECTION, lint
from promptkit.lint.finding import Finding, Fix, Safety
from promptkit.lint.rule import Options
from promptkit.lint.selection import Selection

MAX_PASSES: Final = 50
"""More than any file needs: each pass takes at least one finding away, or it is the last."""


@dataclass(frozen=True, slots=True)
class FixResult:
    """The text after fixing, what was done, and what is left."""

    text: str
    fixed: tuple[Finding, ...]
    remaining: tuple[Finding, ...]


def fix(
    text: str,
    selection: Selection = DEFAULT_SELECTION,
    options: Options = DEFAULT_OPTIONS,
    *,
    unsafe: bool = False,
) -> FixResult:
    """Mend every finding that can be mended safely, or with ``unsafe`` also by a guess.

    Fixes that touch each other are made one after the other, each on a freshly read text.
    """
    fixed: list[Finding] = []
    seen = {text}
    findings = lint(read(text), selection, options)
    for _ in range(MAX_PASSES):
        chosen = _apart(findings, unsafe=unsafe)
        if not chosen:
            break
        edits = {edit for _, remedy in chosen for edit in remedy.edits}
        changed = apply_edits(text, edits)
        if changed in seen:
            # Two fixes that undo each other would otherwise take turns for ever.
            break
        seen.add(changed)
        text = changed
        fixed += [finding for finding, _ in chosen]
        findings = lint(read(text), selection, options)
    return FixResult(text, tuple(fixed), tuple(findings))


def is_applicable(remedy: Fix | None, *, unsafe: bool) -> bool:
    """Whether a fix may be made under the given rule of safety."""
    return remedy is not None and (unsafe or remedy.safety is Safety.SAFE)


def _apart(findings: list[Finding], *, unsafe: bool) -> list[tuple[Finding, Fix]]:
    """Fixes that do not touch each other, lowest codes first: reading before meaning."""
    chosen: list[tuple[Finding, Fix]] = []
    taken: list[Edit] = []
    for finding in sorted(findings, key=lambda each: (each.code, each.start)):
        remedy = finding.fix
        if remedy is None or not is_applicable(remedy, unsafe=unsafe):
            continue
        if not overlap(remedy.edits, taken):
            chosen.append((finding, remedy))
            taken += remedy.edits
    return chosen
