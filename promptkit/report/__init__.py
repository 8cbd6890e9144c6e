"""Findings as text: for a terminal, for programs, for GitHub, for SARIF viewers.

Every reporter is a module with ``render(results, look)`` that yields pieces of text, so that a
terminal shows the first file while the last is still being checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from importlib import import_module

from promptkit.report.result import Checked, Look, Summary

__all__ = ["Checked", "Format", "Look", "Summary", "render"]


class Format(StrEnum):
    """The forms a report can have; each is a module of this package."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


def render(form: Format, results: Iterable[Checked], look: Look) -> Iterator[str]:
    """The report on ``results``, which are taken as they come."""
    pieces: Iterator[str] = import_module(f"{__name__}.{form}").render(results, look)
    return pieces
