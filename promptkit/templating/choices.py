"""Reproducible choices: each follows from the seed, the variant's number and the variable's name.

No choice depends on another, on the order of variables, on the machine or on Python's version: the
randomness is SHA-256, the arithmetic is whole numbers.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from promptkit.templating.variables import TemplateError, Variable, Weighted
from promptkit.templating.wildcards import read_wildcards

_WEIGHT_UNIT = 1_000_000


@dataclass(frozen=True)
class Choice:
    """Values, further choices among them, with their weights in millionths."""

    options: tuple[Any, ...]
    weights: tuple[int, ...]

    @cached_property
    def _bounds(self) -> tuple[int, ...]:
        return tuple(accumulate(self.weights))

    @cached_property
    def by_text(self) -> dict[str, Any]:
        """Every value that may be set, also one that is never drawn, by how it is written."""
        found: dict[str, Any] = {}
        for option in self.options:
            found |= option.by_text if isinstance(option, Choice) else {str(option): option}
        return found

    def pick(self, key: str) -> Any:
        """The option that ``key`` stands for, and of a further choice the option of that."""
        index = bisect_right(self._bounds, draw(key) * self._bounds[-1] >> 64)
        option = self.options[index]
        return option.pick(f"{key}/{index}") if isinstance(option, Choice) else option

    def values(self) -> list[Any]:
        """Every value that can come out, in the order written."""
        flat: list[Any] = []
        for option, weight in zip(self.options, self.weights, strict=True):
            if weight:
                flat += option.values() if isinstance(option, Choice) else [option]
        return flat


def draw(key: str) -> int:
    """A whole number 0..2^64-1 that depends on ``key`` alone."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big")


def declared_choice(variable: Variable, name: str, folder: Path | None) -> Choice | None:
    """The choice a variable declares, each value read as the variable's type; None if none.

    Raises:
        TemplateError: for a value that does not fit, or a wildcard file that cannot be read.
    """
    if variable.file is not None:
        return _from_file(variable.file, variable, name, folder or Path())
    if isinstance(variable.choices, dict):
        pairs = [Weighted(value=value, weight=w) for value, w in variable.choices.items()]
        return _choice(pairs, variable, name)
    return None if variable.choices is None else _choice(variable.choices, variable, name)


def _choice(written: Iterable[Any], variable: Variable, name: str) -> Choice:
    options: list[Any] = []
    weights: list[float] = []
    for item in written:
        entry = _entry(item, name)
        if entry.one_of is not None:
            options.append(_choice(entry.one_of, variable, name))
        else:
            options.append(variable.read(entry.value, name))
        weights.append(entry.weight)
    return _weighted(options, weights, name)


def _from_file(file: str, variable: Variable, name: str, folder: Path) -> Choice:
    try:
        lines = read_wildcards(file, folder)
    except TemplateError as error:
        raise TemplateError(f"variable '{name}': {error}") from error
    options: list[Any] = []
    for place, entry in lines:
        try:
            options.append(variable.read(entry.value, name))
        except TemplateError as error:
            raise TemplateError(f"{place}: {error}") from error
    return _weighted(options, [entry.weight for _, entry in lines], name)


def _weighted(options: list[Any], weights: list[float], name: str) -> Choice:
    parts = [round(weight * _WEIGHT_UNIT) for weight in weights]
    if not sum(parts):
        raise TemplateError(f"variable '{name}': it has nothing to choose from")
    return Choice(tuple(options), tuple(parts))


def _entry(item: Any, name: str) -> Weighted:
    if isinstance(item, Weighted):
        return item
    if not isinstance(item, dict):
        return Weighted(value=item)
    try:
        entry = Weighted.model_validate(item)
    except ValidationError as error:
        keys = ", ".join(map(str, item))
        message = f"a choice has value or one_of, and weight; this one has {keys}"
        raise TemplateError(f"variable '{name}': {message}") from error
    if (entry.one_of is None) == ("value" not in item):
        raise TemplateError(f"variable '{name}': a choice has one of value and one_of")
    return entry
