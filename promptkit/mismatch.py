"""What pydantic finds wrong with a value, in the words of the other messages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from promptkit.counted import many

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic_core import ErrorDetails

_SHOWN: Final = 40
"""Characters of a value that are repeated."""

_WHOLE, _NUMBER, _TRUTH = "a whole number", "a number", "true or false"

_EXPECTED: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "greater_than": lambda context: f"more than {_shown(context['gt'])}",
    "greater_than_equal": lambda context: f"at least {_shown(context['ge'])}",
    "less_than": lambda context: f"less than {_shown(context['lt'])}",
    "less_than_equal": lambda context: f"at most {_shown(context['le'])}",
    "literal_error": lambda context: str(context["expected"]),
    "enum": lambda context: str(context["expected"]),
    "string_too_short": lambda context: f"at least {many(context['min_length'], 'character')}",
    "string_too_long": lambda context: f"at most {many(context['max_length'], 'character')}",
    "string_type": lambda _: "a string",
    "int_type": lambda _: _WHOLE,
    "int_parsing": lambda _: _WHOLE,
    "int_from_float": lambda _: _WHOLE,
    "float_type": lambda _: _NUMBER,
    "float_parsing": lambda _: _NUMBER,
    "finite_number": lambda _: "a finite number",
    "bool_type": lambda _: _TRUTH,
    "bool_parsing": lambda _: _TRUTH,
}
"""What was expected instead, from the context that pydantic gives with a kind of error."""


def mismatch(detail: ErrorDetails) -> str:
    """One line: the place of a value, what it is, and what was expected."""
    place = ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "missing":
        return f"{place}: is missing"
    expected = _EXPECTED.get(detail["type"])
    if expected is not None and place:
        return f"{place} is {_shown(detail['input'])}, expected {expected(detail.get('ctx', {}))}"
    message = detail["msg"].removeprefix("Value error, ")
    return f"{place}: {message}" if place else message


def _shown(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        return f"of type {type(value).__name__}"
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
