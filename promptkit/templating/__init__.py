"""Templates: one caption a hundred times, each safe, reproducible and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from promptkit.caption import Caption, compact_json
from promptkit.geometry import Size
from promptkit.lint import Options, Selection
from promptkit.templating.expand import DEFAULT_LIMIT, Plan
from promptkit.templating.template import Rendered, Template
from promptkit.templating.variables import TemplateError
from promptkit.templating.variant import TracedFinding, Variant, expand

__all__ = [
    "Plan",
    "Rendered",
    "Template",
    "TemplateError",
    "TracedFinding",
    "Variant",
    "expand",
    "render",
    "variants",
]


def render(
    template: Template | str | Path, /, *, size: Size | str | None = None, **values: Any
) -> Caption:
    """The caption that a template makes of these values, its defaults for the rest.

    Raises:
        TemplateError: if the template or a value cannot be used.
        CaptionError: if what comes out is no caption.
    """
    loaded = template if isinstance(template, Template) else Template.load(template)
    rendered = loaded.render(loaded.complete(values), _size(loaded, size))
    return Caption.parse(compact_json(rendered.data))


def variants(
    template: Template | str | Path,
    /,
    *,
    rows: Sequence[Mapping[str, Any]] = ({},),
    matrix: Mapping[str, Sequence[Any]] | None = None,
    sample: int | None = None,
    seed: int = 0,
    size: Size | str | None = None,
    limit: int = DEFAULT_LIMIT,
    **values: Any,
) -> Iterator[Variant]:
    """Render and check variants one at a time: rows times matrix times samples.

    The same template, values and seed give the same variants on every machine.

    Raises:
        TemplateError: if the template or a value cannot be used, or more than ``limit`` are asked
            for.
    """
    loaded = template if isinstance(template, Template) else Template.load(template)
    plan = Plan(loaded, values, rows, matrix or {}, sample, seed, limit)
    shape = _size(loaded, size)
    return expand(plan, shape, Selection(), Options(size=shape))


def _size(template: Template, size: Size | str | None) -> Size:
    if size is None:
        return template.source.size
    return size if isinstance(size, Size) else Size.parse(size)
