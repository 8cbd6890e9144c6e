"""Variants: rendered, checked, each finding traced to the template's line and variable."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from promptkit.caption import Caption
from promptkit.document import Document, read
from promptkit.geometry import Size
from promptkit.lint import Finding, Linter, Options, Selection
from promptkit.templating.expand import Plan
from promptkit.templating.naming import Names
from promptkit.templating.stretches import Stretches
from promptkit.templating.template import Rendered, Template


@dataclass(frozen=True, slots=True)
class TracedFinding:
    """A finding in a rendered caption and where the template causes it."""

    finding: Finding
    line: int
    """Line of the template file."""
    variables: tuple[str, ...]
    """The variables whose values stand in the place concerned."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One rendered caption with all that made it."""

    number: int
    """From 1, in the order of the plan."""
    name: str
    """A safe file name without ending, unique among the plan's variants."""
    values: Mapping[str, Any]
    size: Size
    seed: int
    """What the generator should draw its noise from: the plan's seed plus the number less one."""
    prompt: str
    """The caption as canonical JSON, in the template's key order."""
    sha256: str
    """Of ``prompt`` in UTF-8: equal for identical variants."""
    findings: tuple[TracedFinding, ...]

    def caption(self) -> Caption:
        """The caption as a model.

        Raises:
            CaptionError: if the template made something that is no caption.
        """
        return Caption.parse(self.prompt)


def expand(plan: Plan, size: Size, selection: Selection, options: Options) -> Iterator[Variant]:
    """Render and check every variant of a plan, one at a time."""
    stretches, linter = Stretches(plan.template, size), Linter(selection, options)
    names = Names()
    digits = max(len(str(plan.count())), 4)
    for number, values in enumerate(plan.values(), 1):
        label = f"{number:0{digits}d}"
        made = stretches.render(values, label)
        found = linter.lint(made.data) if made.parts is None else linter.lint_parts(made.parts)
        yield Variant(
            number=number,
            name=names.claim(plan.template.render_filename(values, size, label), label),
            values=values,
            size=size,
            seed=plan.seed + number - 1,
            prompt=made.prompt,
            sha256=hashlib.sha256(made.prompt.encode()).hexdigest(),
            findings=trace(plan.template, plan.template.render(values, size, label), found)
            if found
            else (),
        )


def trace(
    template: Template, rendered: Rendered, findings: Iterable[Finding]
) -> tuple[TracedFinding, ...]:
    """Where the template causes what was found in a rendered caption."""
    document = read(rendered.woven.text)
    return tuple(_traced(template, rendered, document, finding) for finding in findings)


def _traced(
    template: Template, rendered: Rendered, document: Document, finding: Finding
) -> TracedFinding:
    node = document.find(finding.pointer)
    if node is None:
        return TracedFinding(finding, template.line(1), ())
    line, names = rendered.woven.origin(node.start)
    if not (node.members or node.items):
        names = rendered.woven.names_within(node.start, node.end)
        starts = [
            s for s in rendered.woven.segments if node.start <= s.start < node.end and s.names
        ]
        line = starts[0].line if starts else line
    declared = template.source.front.variables
    return TracedFinding(finding, template.line(line), tuple(n for n in names if n in declared))
