"""The list of dialects, in the order in which they are applied: shape, keys, elements, boxes."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Final

from promptkit.dialects.dialect import Dialect
from promptkit.errors import UsageError
from promptkit.suggestion import suggestion

_NAMES: Final = (
    # whole files of other tools
    "ideogram4-editor",
    "ideogram-helper",
    "kjnodes-regions",
    # keys
    "misspelt-keys",
    "flat",
    "render-parameters",
    "hosted-api",
    "editor-keys",
    "canvas-layout",
    # elements
    "element-types",
    "element-words",
    # boxes: how they are written, then which axis comes first, then in which unit
    "box-objects",
    "xywh",
    "x-first",
    "fractions",
    "pixels-y-first",
    "pixels",
)


@cache
def all_dialects() -> tuple[Dialect, ...]:
    """Every dialect, in the order of application."""
    return tuple(_load(name) for name in _NAMES)


def find_dialect(name: str) -> Dialect:
    """The dialect of this name.

    Raises:
        UsageError: if there is none, with a suggestion.
    """
    wanted = name.strip().lower().replace("_", "-")
    for dialect in all_dialects():
        if dialect.name == wanted:
            return dialect
    hint = suggestion(wanted, _NAMES, f"there are {', '.join(_NAMES)}", cutoff=0.5)
    raise UsageError(f"no dialect is called '{name}'; {hint}")


def _load(name: str) -> Dialect:
    module = import_module(f"promptkit.dialects.forms.{name.replace('-', '_')}")
    dialect: Dialect = module.DIALECT
    return dialect
