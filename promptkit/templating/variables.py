"""Typed variables: what a template's front matter may declare, and the reading of their values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from promptkit.errors import PromptkitError
from promptkit.geometry import box_problem
from promptkit.templating.values import (
    checked_text,
    comma_separated,
    finite,
    hex_color,
    json_value,
    limited,
    scalar_text,
    span,
    within,
)


class TemplateError(PromptkitError):
    """A template, a variable or a value that cannot be used; names the place and the mend."""


class Weighted(BaseModel):
    """A choice with a weight: a value, or a further choice (``one_of``) made only if this is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: Any = None
    one_of: Annotated[tuple[Any, ...], Field(min_length=1)] | None = None
    weight: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 1


class Variable(BaseModel):
    """What every variable has. ``choices`` are a list, ``value: weight`` pairs or ``file``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    description: str = ""
    default: Any = None
    choices: tuple[Any, ...] | dict[str, float] | None = None
    file: str | None = None
    """A wildcard file beside the template: one choice a line."""

    @property
    def kind(self) -> str:
        """The ``type`` that the front matter gives."""
        return str(getattr(self, "type", "value"))

    @property
    def sampled(self) -> bool:
        """Whether ``--sample`` has something to choose from."""
        return self.choices is not None or self.file is not None

    @property
    def bounds(self) -> str:
        """Its limits in words, "1 to 36 characters"; empty where it has none."""
        return ""

    def read(self, value: Any, name: str) -> Any:
        """``value`` as this type wants it, from Python data or from a command line's string.

        Raises:
            TemplateError: naming the variable, the value and the form it should have.
        """
        try:
            return self.convert(value)
        except (ValueError, TypeError) as error:
            raise TemplateError(f"variable '{name}': {error}") from error

    def convert(self, value: Any) -> Any:
        """What ``read`` does, with errors that do not name the variable."""
        raise TypeError(f"{type(self).__name__} reads no values: {value!r}")


Count = Annotated[int, Field(ge=0)]


class StringVariable(Variable):
    """Any text. Anything else is written as text.

    ``min_length`` and ``max_length`` count characters, without the spaces around them: a title of
    one character is asked for with ``min_length: 1``, so that blanks are none.
    """

    type: Literal["string"]
    min_length: Count | None = None
    max_length: Count | None = None

    @property
    def bounds(self) -> str:
        return span(self.min_length, self.max_length, "characters")

    def convert(self, value: Any) -> str:
        text = checked_text(value if isinstance(value, str) else scalar_text(value))
        if self.min_length is not None or self.max_length is not None:
            limited(text.strip(), self.min_length, self.max_length, "characters")
        return text


class ChoiceVariable(Variable):
    """One of ``choices``; what is set from outside must be among them."""

    type: Literal["choice"]

    def convert(self, value: Any) -> Any:
        return checked_text(value) if isinstance(value, str) else value


class NumericVariable(Variable):
    """A number within ``min`` and ``max``, where they are given."""

    min: float | None = None
    max: float | None = None

    @property
    def bounds(self) -> str:
        return span(self.min, self.max)

    @property
    def sampled(self) -> bool:
        return super().sampled or (self.min is not None and self.max is not None)


class IntegerVariable(NumericVariable):
    """A whole number."""

    type: Literal["integer"]
    min: int | None = None
    max: int | None = None

    def convert(self, value: Any) -> int:
        number = finite(value)
        if number != int(number):
            raise ValueError(f"{value!r} is not a whole number")
        return int(within(number, self.min, self.max))


class NumberVariable(NumericVariable):
    """A number, whole or not."""

    type: Literal["number"]

    def convert(self, value: Any) -> float | int:
        return within(finite(value), self.min, self.max)


class BooleanVariable(Variable):
    """True or false."""

    type: Literal["boolean"]

    _words: ClassVar[Mapping[str, bool]] = {
        "true": True, "yes": True, "on": True, "1": True,
        "false": False, "no": False, "off": False, "0": False,
    }  # fmt: skip

    @property
    def sampled(self) -> bool:
        return True

    def convert(self, value: Any) -> bool:
        word = str(value).strip().lower()
        if word not in self._words:
            raise ValueError(f"{value!r} is neither true nor false")
        return self._words[word]


class ColorVariable(Variable):
    """A colour, ``#RRGGBB`` or ``#RGB`` in any case; it becomes upper-case ``#RRGGBB``."""

    type: Literal["color"]

    def convert(self, value: Any) -> str:
        return hex_color(value)


class PaletteVariable(Variable):
    """A list of colours; on the command line separated by commas."""

    type: Literal["palette"]
    min_items: Count | None = None
    max_items: Count | None = None

    @property
    def bounds(self) -> str:
        return span(self.min_items, self.max_items, "colours")

    def convert(self, value: Any) -> list[str]:
        colors = value.split(",") if isinstance(value, str) else value
        if not isinstance(colors, Sequence):
            raise TypeError(f"{value!r} is no list of colours")
        limited(colors, self.min_items, self.max_items, "colours")
        return [hex_color(color) for color in colors]


class DateVariable(Variable):
    """A day, ``2026-05-01``; the ``date`` filter writes it in other forms."""

    type: Literal["date"]

    def convert(self, value: Any) -> str:
        try:
            return date.fromisoformat(str(value).strip()).isoformat()
        except ValueError as error:
            raise ValueError(f"{value!r} is no date; write YYYY-MM-DD") from error


class BoxVariable(Variable):
    """A box ``[y_min, x_min, y_max, x_max]``, integers 0..1000."""

    type: Literal["box"]

    def convert(self, value: Any) -> list[int]:
        sides = value.strip(" []").split(",") if isinstance(value, str) else value
        if not isinstance(sides, Sequence) or len(sides) != 4:
            raise ValueError(f"{value!r} is no box; write four integers y_min,x_min,y_max,x_max")
        box = [IntegerVariable(type="integer").read(side, "side") for side in sides]
        if problem := box_problem(*box):
            raise ValueError(f"the box {problem}")
        return box


class RecordVariable(Variable):
    """Named values that belong together, as the items of a list: a dish, its note, its price."""

    type: Literal["record"]
    fields: dict[str, AnyVariable]

    def convert(self, value: Any) -> dict[str, Any]:
        data = json_value(value) if isinstance(value, str) else value
        if not isinstance(data, dict):
            raise TypeError(f"{value!r} has no fields; give {', '.join(self.fields)}")
        if unknown := [key for key in data if key not in self.fields]:
            raise ValueError(f"no field {unknown[0]!r}; known are {', '.join(self.fields)}")
        return {name: self._field(name, data) for name in self.fields}

    def _field(self, name: str, data: Mapping[str, Any]) -> Any:
        field = self.fields[name]
        if name not in data and field.default is None:
            raise ValueError(f"field '{name}' is missing")
        try:
            return field.convert(data.get(name, field.default))
        except (ValueError, TypeError) as error:
            raise ValueError(f"{name}: {error}") from error


class ListVariable(Variable):
    """A list; on the command line JSON, or items separated by commas.

    ``items`` says what each of them is, as a variable's declaration does.
    """

    type: Literal["list"]
    items: AnyVariable | None = None
    min_items: Count | None = None
    max_items: Count | None = None

    @property
    def bounds(self) -> str:
        return span(self.min_items, self.max_items, "items")

    def convert(self, value: Any) -> list[Any]:
        if isinstance(value, str):
            text = value.strip()
            value = json_value(text) if text.startswith("[") else comma_separated(text)
        if not isinstance(value, (list, tuple)):
            raise TypeError(f"{value!r} is no list")
        limited(value, self.min_items, self.max_items, "items")
        return [self._item(number, item) for number, item in enumerate(value, 1)]

    def _item(self, number: int, item: Any) -> Any:
        if self.items is None:
            return checked_text(item) if isinstance(item, str) else item
        try:
            return self.items.convert(item)
        except (ValueError, TypeError) as error:
            raise ValueError(f"item {number}: {error}") from error


AnyVariable = Annotated[
    StringVariable
    | ChoiceVariable
    | IntegerVariable
    | NumberVariable
    | BooleanVariable
    | ColorVariable
    | PaletteVariable
    | BoxVariable
    | DateVariable
    | RecordVariable
    | ListVariable,
    Field(discriminator="type"),
]
# They hold each other: records in lists, lists in records.
RecordVariable.model_rebuild()
ListVariable.model_rebuild()
