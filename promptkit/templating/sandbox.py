"""The Jinja2 environment of templates: no files, no attributes, no endless work.

A template comes from whoever shares it, so it is untrusted: it computes with the values it is
given, within limits, and reaches nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any, Final

from jinja2 import StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import Namespace

EMIT: Final = "__emit"
"""The function that takes a printed value and gives the mark that stands for it."""
SPEND: Final = "__spend"
"""The function that counts a step of work; it gives back its argument."""
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


_OF_DICT: Final = frozenset(dir(dict))
_JINJAS_OWN: Final = frozenset({"_loop_vars", "_block_vars"})


class LimitError(SecurityError):
    """A template that does more than a caption can need."""


class _Generator(CodeGenerator):
    """Calls ``EMIT`` and ``SPEND`` directly.

    Most calls are these, no template can name them, and the sandbox's checks are for what a
    template calls.
    """

    def visit_Call(  # noqa: N802
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        if not (isinstance(node.node, nodes.Name) and node.node.name in (EMIT, SPEND)):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        before = "("
        for argument in node.args:
            self.write(before)
            self.visit(argument, frame)
            before = ", "
        self.write(")")


class Sandbox(SandboxedEnvironment):
    """Only data: plain attributes of dictionaries, a few harmless methods, bounded results."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})
    code_generator_class = _Generator
    helpers: frozenset[FunctionType] = frozenset()
    """Functions of ours that take the context first."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ARG002
        if attr.startswith("_"):
            return False
        if isinstance(obj, (str, dict, list, tuple)):
            return attr in _METHODS
        return isinstance(obj, (LoopContext, Namespace))

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute in obj and attribute not in _OF_DICT:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def call(self, context: Any, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        if type(obj) is FunctionType and obj in self.helpers:
            # Jinja would make a new context for each of them in a loop.
            for name in _JINJAS_OWN & kwargs.keys():
                del kwargs[name]
            return bounded(obj(context, *args, **kwargs))
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
        kind = type(item)
        # Most items are one of the first two, and a call for each would take its time.
        total += len(item) if kind is str else 1 if kind is int else weight(item, limit - total)
    return total


def bounded(value: Any) -> Any:
    """``value`` itself, unless it has grown out of all proportion."""
    if type(value) is str and len(value) <= MAX_VALUE:
        return value
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


def environment(
    filters: dict[str, Callable[..., Any]], functions: dict[str, FunctionType]
) -> Sandbox:
    """The environment with Jinja's harmless filters, these filters, and these functions.

    A function gets the context as its first argument.
    """
    env = Sandbox(
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.loopcontrols"],
    )
    env.filters = {name: env.filters[name] for name in _FILTERS} | filters
    env.helpers = frozenset(functions.values())
    env.globals = {"range": _range, "dict": dict, "namespace": Namespace, **functions}
    return env
