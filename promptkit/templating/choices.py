"""Reproducible choices: each follows from the seed, the variant's number and the variable's name.

No choice depends on another, on the order of variables, on the machine or on Python's version: the
randomness is SHA-256, the arithmetic is whole numbers.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from promptkit.templating.variables import TemplateError, Variable, Weighted

MAX_WILDCARD_BYTES = 4 << 20
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
        return _choice(_wildcards(variable.file, name, folder), variable, name)
    if isinstance(variable.choices, dict):
        pairs = [Weighted(value=value, weight=w) for value, w in variable.choices.items()]
        return _choice(pairs, variable, name)
    return None if variable.choices is None else _choice(variable.choices, variable, name)


def _choice(written: Iterable[Any], variable: Variable, name: str) -> Choice:
    options: list[Any] = []
    weights: list[int] = []
    for item in written:
        entry = _entry(item, name)
        if entry.one_of is not None:
            options.append(_choice(entry.one_of, variable, name))
        else:
            options.append(variable.read(entry.value, name))
        weights.append(round(entry.weight * _WEIGHT_UNIT))
    if not sum(weights):
        raise TemplateError(f"variable '{name}': it has nothing to choose from")
    return Choice(tuple(options), tuple(weights))


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


def _wildcards(file: str, name: str, folder: Path | None) -> Sequence[Weighted]:
    base = (folder or Path()).resolve()
    path = (base / file).resolve()
    if not path.is_relative_to(base):
        raise TemplateError(
            f"variable '{name}': '{file}' lies outside the template's folder; move it there"
        )
    try:
        if path.stat().st_size > MAX_WILDCARD_BYTES:
            raise TemplateError(f"variable '{name}': '{file}' is larger than 4 MiB")
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise TemplateError(f"variable '{name}': '{file}': {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise TemplateError(f"variable '{name}': '{file}' is not UTF-8") from error
    wanted = [line.strip() for line in lines]
    return [_line(line) for line in wanted if line and not line.startswith("#")]


def _line(line: str) -> Weighted:
    weight, separator, value = line.partition("::")
    try:
        return (
            Weighted(value=value.strip(), weight=float(weight))
            if separator
            else Weighted(value=line)
        )
    except ValueError:
        return Weighted(value=line)
