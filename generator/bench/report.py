"""Measurements as lines for people; the last line of the benchmark is JSON for scripts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def line(part: str, at: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
    """One measurement: ``step     1024 fast  cond_ms 104.2  uncond_ms 75.1``."""
    where = " ".join(_value(value) for value in at.values())
    figures = "  ".join(f"{name} {_value(value)}" for name, value in entry.items())
    return f"{part:<8} {where:<24} {figures}".rstrip()


def json_line(results: Mapping[str, Any]) -> str:
    """Everything, on one line, to four digits."""
    return json.dumps(_rounded(results))


def _value(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, Mapping):
        return {name: _rounded(inner) for name, inner in value.items()}
    return [_rounded(inner) for inner in value] if isinstance(value, list) else value
