"""The Jinja2 environment of templates: no files, no attributes, no endless work.

A template comes from whoever shares it, so it is untrusted: it computes with the values it is
given, within limits, and reaches nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MethodType
from typing import Any, Final

from jinja2 import StrictUndefined
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import Namespace

MAX_RANGE: Final = 1_000
"""Numbers of one ``range``."""
MAX_VALUE: Final = 200_000
"""Characters or items of one value on the way."""

_METHODS: Final = frozenset(
    {
        "capitalize", "casefold", "count", "endswith", "find", "get", "isalpha", "isdigit",
        "isnumeric", "isupper", "items", "keys", "lower", "lstrip", "partition", "removeprefix",
        "removesuffix", "rpartition", "rsplit", "rstrip", "split", "splitlines",
        "startswith", "strip", "swapcase", "title", "upper", "values", "index",
    }
)  # fmt: skip
_FILTERS: Final = frozenset(
    {
        "abs", "capitalize", "count", "d", "default", "dictsort", "first", "float", "groupby",
        "int", "items", "last", "length", "list", "lower", "map", "max", "min", "reject",
        "rejectattr", "reverse", "round", "select", "selectattr", "sort", "string", "sum", "title",
        "trim", "truncate", "unique", "upper", "wordcount",
    }
)  # fmt: skip


class LimitError(SecurityError):
    """A template that does more than a caption can need."""


class Meter:
    """Owner of the methods behind ``EMIT`` and ``SPEND``, which no template can name."""


class Sandbox(SandboxedEnvironment):
    """Only data: plain attributes of dictionaries, a few harmless methods, bounded results."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ARG002
        if attr.startswith("_"):
            return False
        if isinstance(obj, (str, dict, list, tuple)):
            return attr in _METHODS
        return isinstance(obj, (LoopContext, Namespace))

    def call(self, context: Any, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        if type(obj) is MethodType and isinstance(obj.__self__, Meter):
            # Most calls are these, and the checks below are for what a template calls.
            return obj(*args)
        return bounded(super().call(context, obj, *args, **kwargs))

    def wrap_str_format(self, value: Any) -> Any:
        """``str.format`` reaches attributes and pads without bounds; templates do without."""
        if getattr(value, "__name__", "") in ("format", "format_map"):
            raise SecurityError("'format' is not offered; use ~ to join values")

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "**" and not (_small(left, 1e6) and _small(right, 64)):
            raise LimitError("a power this large is no part of a caption")
        if operator == "*":
            for first, second in ((left, right), (right, left)):
                if isinstance(first, (str, list, tuple)) and not _small(
                    second, MAX_VALUE / max(weight(first), 1)
                ):
                    raise LimitError("a value repeated this often is no part of a caption")
        if operator == "%" and isinstance(left, str):
            raise LimitError("'%' formatting is not offered; use ~ to join values")
        return bounded(super().call_binop(context, operator, left, right))


def weight(value: Any, limit: int = MAX_VALUE) -> int:
    """Characters and items in a value, all depths counted; stops counting beyond ``limit``."""
    if isinstance(value, str):
        return len(value)
    if not isinstance(value, (list, tuple, dict)):
        return 1
    total = len(value)
    for item in value.values() if isinstance(value, dict) else value:
        if total > limit:
            break
        total += weight(item, limit - total)
    return total


def bounded(value: Any) -> Any:
    """``value`` itself, unless it has grown out of all proportion."""
    if isinstance(value, (str, list, tuple, dict)):
        if weight(value) > MAX_VALUE:
            raise LimitError(f"a value has grown to more than {MAX_VALUE:,} characters and items")
    elif isinstance(value, int) and value.bit_length() > 256:
        raise LimitError("a number has grown beyond any use")
    return value


def _range(*bounds: int) -> range:
    numbers = range(*bounds)
    if len(numbers) > MAX_RANGE:
        raise LimitError(f"a range of {len(numbers):,} numbers; at most {MAX_RANGE:,} are given")
    return numbers


def _small(value: Any, limit: float) -> bool:
    return not isinstance(value, (int, float)) or abs(value) <= limit


def environment(filters: dict[str, Callable[..., Any]], functions: dict[str, Any]) -> Sandbox:
    """The environment with Jinja's harmless filters, and these filters and functions."""
    env = Sandbox(
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.loopcontrols"],
    )
    env.filters = {name: env.filters[name] for name in _FILTERS} | filters
    env.globals = {"range": _range, "dict": dict, "namespace": Namespace, **functions}
    return env
