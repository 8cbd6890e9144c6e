"""Run rules over a document and gather what they find, sorted by place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from promptkit.document import Document, Node, read
from promptkit.lint.finding import Finding, Place
from promptkit.lint.rule import Options, Problem, Rule, flaw_problem
from promptkit.lint.selection import Selection
from promptkit.lint.trial import tried
from promptkit.lint.view import CaptionView

DEFAULT_SELECTION = Selection()
DEFAULT_OPTIONS = Options()


def lint(
    source: str | bytes | Document,
    selection: Selection = DEFAULT_SELECTION,
    options: Options = DEFAULT_OPTIONS,
) -> list[Finding]:
    """All findings in a caption file, in the order of the text.

    Every rule looks at whatever part of the caption is there, so that none hides another.
    """
    document = source if isinstance(source, Document) else read(source)
    rules = selection.rules_for(frozenset(flaw.slug for flaw in document.flaws))
    return check(document, rules, selection, options)


def check(
    document: Document, rules: Sequence[Rule], selection: Selection, options: Options
) -> list[Finding]:
    """What some rules, in the order of their codes, find in a document."""
    views = [CaptionView(document, node) for node in document.captions]
    findings = [
        _finding(document, rule, problem, selection)
        for rule in rules
        for problem in problems(rule, document, views, options)
    ]
    flaws = frozenset(rule.code for rule in rules if rule.flaw)
    return sorted(
        tried(document, findings, flaws), key=lambda each: (each.start, each.end, each.code)
    )


def problems(
    rule: Rule, document: Document, views: Sequence[CaptionView], options: Options
) -> Iterator[Problem]:
    """What one rule has to say, in its own order."""
    if rule.flaw:
        for flaw in document.flaws:
            if flaw.slug == rule.slug:
                yield flaw_problem(flaw)
    if rule.document:
        yield from rule.document(document, options)
    if rule.caption:
        for view in views:
            yield from rule.caption(view, options)


def _finding(document: Document, rule: Rule, problem: Problem, selection: Selection) -> Finding:
    at = problem.at
    node = problem.node or (at if isinstance(at, Node) else None)
    start, end = (at.start, at.end) if isinstance(at, Node) else at
    # Edits of what is encoded inside a string would have to be encoded too; decoding comes first.
    layered = document.layered and not rule.flaw
    return Finding(
        code=rule.code,
        slug=rule.slug,
        severity=selection.severity_of(rule),
        message=problem.message,
        pointer=node.pointer if node else "",
        start=start,
        end=end,
        place=Place(*document.position(start), *document.position(end)),
        fix=None if layered else problem.fix,
    )
