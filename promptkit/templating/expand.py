"""From what was asked for to the values of each variant, one after the other."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
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
    """Values of each row of a table; a row outweighs ``fixed``."""
    matrix: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    """Every combination of these values is made."""
    sample: int | None = None
    """Draw so many variants of each combination; None takes the defaults."""
    seed: int = 0
    limit: int = DEFAULT_LIMIT

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
        for name, values in self.matrix.items():
            for value in values:
                self.template.read(name, value)

    def values(self) -> Iterator[dict[str, Any]]:
        """The completed values of each variant, in order; excluded combinations are left out.

        Raises:
            TemplateError: for a value that does not fit its variable, or a sample that the
                exclusions leave no values for; where there is a table it names the row.
        """
        self.check()
        names = list(self.matrix)
        number = 0
        for place, row in enumerate(self.rows, 1):
            for combination in product(*self.matrix.values()):
                given = {**self.fixed, **row, **dict(zip(names, combination, strict=True))}
                try:
                    read = self.template.read_all(given)
                    if self.sample is None:
                        completed = self.template.filled(read)
                        if self.template.excluded(completed) is None:
                            yield completed
                        continue
                    open_ones = self._open(read)
                    for _ in range(self.sample):
                        number += 1
                        yield self._drawn(read, open_ones, number)
                except TemplateError as error:
                    if row:
                        raise TemplateError(f"row {place}: {error}") from error
                    raise

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
