"""What is asked of a template in the variants screen, and the workers that make and write it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any

from textual.message import Message

from promptkit.geometry import Size
from promptkit.lint import Options, Selection
from promptkit.templating import Plan, Template, Variant, expand
from promptkit.templating.tables import read_table
from promptkit.tui.widgets.variable import alternatives


class Mode(StrEnum):
    """What becomes of a variable from variant to variant."""

    DRAWN = "drawn from"
    EVERY = "all"
    FIXED = "fixed"


@dataclass
class Made(Message):
    """A worker has rendered the first variants of a request, or ``problem`` says why not."""

    number: int
    """Of the request."""
    variants: list[Variant]
    total: int
    problem: str = ""


@dataclass
class Wrote(Message):
    """A worker has written variants: so many captions into so many files, or ``problem``."""

    variants: int
    files: int
    folder: Path
    problem: str = ""


@dataclass(frozen=True)
class Request:
    """Which variants of a template."""

    template: Template
    values: Mapping[str, Any]
    """What the form of the template says."""
    modes: Mapping[str, Mode]
    """Of each variable that can vary."""
    sample: int = 1
    seed: int = 0
    table: Path | None = None
    rows: Sequence[Mapping[str, Any]] = field(default=({},))

    @property
    def size(self) -> Size:
        return self.template.source.size

    def plan(self) -> Plan:
        """The plan of it.

        Raises:
            PromptkitError: if the table cannot be read.
        """
        rows = read_table(self.table) if self.table else self.rows
        tabled = {name for row in rows for name in row}
        varied = {name for name, mode in self.modes.items() if mode is not Mode.FIXED}
        every = {
            name: alternatives(self.template, name)
            for name, mode in self.modes.items()
            if mode is Mode.EVERY and name not in tabled
        }
        is_drawn = Mode.DRAWN in self.modes.values()
        # What stands in the form is mostly a default: the table is nearer to what is wanted.
        fixed = {n: value for n, value in self.values.items() if n not in varied | tabled}
        return Plan(
            self.template,
            fixed=fixed,
            rows=rows,
            matrix=every,
            sample=self.sample if is_drawn else None,
            seed=self.seed,
            table=self.table.name if self.table else "",
        )

    def variants(self, most: int | None = None) -> Iterator[Variant]:
        """Render and check them, the first ``most`` or all.

        Raises:
            PromptkitError: if a value or the table cannot be used.
        """
        made = expand(self.plan(), self.size, Selection(), Options(size=self.size))
        return made if most is None else islice(made, most)


def varied_in(variants: Sequence[Variant]) -> list[str]:
    """The variables whose values are not the same in all of these."""
    if not variants:
        return []
    first = variants[0].values
    return [name for name in first if any(each.values[name] != first[name] for each in variants)]
