"""From what was asked for to the values of each variant, one after the other."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Final

from promptkit.templating.choices import draw
from promptkit.templating.template import Template
from promptkit.templating.variables import (
    BooleanVariable,
    IntegerVariable,
    NumberVariable,
    TemplateError,
    Variable,
)

DEFAULT_LIMIT: Final = 10_000
"""Variants made without being asked twice."""
MAX_ATTEMPTS: Final = 1_000
"""Draws of one sample until no exclusion holds."""


@dataclass(frozen=True)
class Plan:
    """Rows times matrix times samples, with some values fixed for all."""

    template: Template
    fixed: Mapping[str, Any] = field(default_factory=dict)
    rows: Sequence[Mapping[str, Any]] = ({},)
    """Values of each row of a table; ``fixed`` and ``matrix`` outweigh them."""
    matrix: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    """Every combination of these values is made."""
    sample: int | None = None
    """Draw so many variants of each combination; None takes the defaults."""
    seed: int = 0
    limit: int = DEFAULT_LIMIT
    table: str = ""
    """Where the rows come from, for messages."""

    def count(self) -> int:
        """How many variants the plan asks for, exclusions not counted."""
        combinations = math.prod(len(values) for values in self.matrix.values())
        return len(self.rows) * combinations * (1 if self.sample is None else self.sample)

    def check(self) -> None:
        """Refuse a plan that is too large or names variables that are not there.

        Raises:
            TemplateError: with the count, or with each name and a suggestion.
        """
        if self.count() > self.limit:
            raise TemplateError(
                f"{self.template.source.place}: this makes {self.count():,} variants and the limit "
                f"is {self.limit:,}; ask for fewer, use --sample, or raise it with --max"
            )
        names = {name for row in self.rows for name in row} | set(self.fixed) | set(self.matrix)
        self.template.check_known(names)

    @property
    def overruled(self) -> list[str]:
        """Variables that rows give a value to, and that have another for all."""
        given = {name for row in self.rows for name in row}
        return [name for name in {**self.fixed, **self.matrix} if name in given]

    def values(self) -> Iterator[dict[str, Any]]:
        """The completed values of each variant, in order; excluded combinations are left out.

        Every row is read before the first variant is made.

        Raises:
            TemplateError: for a value that does not fit its variable, or a sample that the
                exclusions leave no values for; where there is a table it names the row.
        """
        self.check()
        fixed = self.template.read_all(self.fixed)
        # Each value is read once, however many combinations it is a part of.
        matrix = [[self.template.read(n, v) for v in values] for n, values in self.matrix.items()]
        rows = [{**self._own(place, row), **fixed} for place, row in enumerate(self.rows, 1)]
        number = 0
        for place, read in enumerate(rows, 1):
            with self._at(place):
                for combination in product(*matrix):
                    given = {**read, **dict(zip(self.matrix, combination, strict=True))}
                    yield from self._of(given, number)
                    number += self.sample or 0

    def _own(self, place: int, row: Mapping[str, Any]) -> dict[str, Any]:
        """What a row says that nothing outweighs."""
        own = {n: v for n, v in row.items() if n not in self.fixed and n not in self.matrix}
        with self._at(place):
            return self.template.read_all(own)

    @contextmanager
    def _at(self, place: int) -> Iterator[None]:
        """Say the row with what is wrong, where there are rows."""
        try:
            yield
        except TemplateError as error:
            if not self.rows[place - 1]:
                raise
            table = f"{self.table}: " if self.table else ""
            raise TemplateError(f"{table}row {place}: {error}") from error

    def _of(self, given: Mapping[str, Any], number: int) -> Iterator[dict[str, Any]]:
        """The completed values of one combination, whose samples are counted on from ``number``."""
        if self.sample is None:
            completed = self.template.filled(given)
            if self.template.excluded(completed) is None:
                yield completed
            return
        open_ones = self._open(given)
        for each in range(number + 1, number + self.sample + 1):
            yield self._drawn(given, open_ones, each)

    def _open(self, given: Mapping[str, Any]) -> list[tuple[str, Variable]]:
        """The variables that are to be drawn."""
        variables = self.template.source.front.variables
        return [(n, each) for n, each in variables.items() if n not in given and each.sampled]

    def _drawn(
        self, given: Mapping[str, Any], open_ones: list[tuple[str, Variable]], number: int
    ) -> dict[str, Any]:
        excluded = ""
        for attempt in range(MAX_ATTEMPTS):
            prefix = f"{self.seed}/{number}/{attempt}" if attempt else f"{self.seed}/{number}"
            drawn = {
                name: self._draw(name, variable, f"{prefix}/{name}") for name, variable in open_ones
            }
            completed = self.template.filled({**drawn, **given})
            rule = self.template.excluded(completed)
            if rule is None:
                return completed
            excluded = rule
        raise TemplateError(
            f"{self.template.source.place}: no values found in {MAX_ATTEMPTS:,} draws that the "
            f"exclusion '{excluded}' allows; loosen it"
        )

    def _draw(self, name: str, variable: Variable, key: str) -> Any:
        choice = self.template.choices.get(name)
        if choice is not None:
            return choice.pick(key)
        point = draw(key)
        if isinstance(variable, BooleanVariable):
            return point >= 1 << 63
        if isinstance(variable, IntegerVariable) and variable.max is not None:
            low = variable.min or 0
            return low + (point * (variable.max - low + 1) >> 64)
        if isinstance(variable, NumberVariable) and variable.max is not None:
            low_edge = variable.min or 0.0
            # Ten decimals: readable, and the same digits on every machine.
            drawn = round(low_edge + (point >> 11) * 2.0**-53 * (variable.max - low_edge), 10)
            return min(max(drawn, low_edge), variable.max)
        return self.template.defaults.get(name)
