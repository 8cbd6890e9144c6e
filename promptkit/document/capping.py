"""Keep the flaws of a hopeless file few enough to be read, and their mends complete."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from promptkit.document.edit import Edit
from promptkit.document.node import Flaw

MAX_OF_A_KIND: Final = 50
"""Flaws of one kind that are reported one by one; those behind them become one flaw."""


def capped(flaws: Iterable[Flaw]) -> tuple[Flaw, ...]:
    """The flaws, those of one kind past the 50th as one that mends them all."""
    kinds: dict[tuple[str, bool], list[Flaw]] = {}
    for flaw in flaws:
        kinds.setdefault((flaw.slug, flaw.safe), []).append(flaw)
    kept: list[Flaw] = []
    for same in kinds.values():
        kept += same[:MAX_OF_A_KIND]
        if rest := same[MAX_OF_A_KIND:]:
            message = f"{len(rest)} more like this one: {rest[0].message}"
            kept.append(replace(rest[0], message=message, edits=_apart(rest)))
    return tuple(kept)


def _apart(flaws: list[Flaw]) -> tuple[Edit, ...]:
    """All edits of the flaws that do not lie within those of another."""
    edits: list[Edit] = []
    end = 0
    for flaw in sorted(flaws, key=lambda flaw: flaw.edits):
        if flaw.edits and flaw.edits[0].start >= end:
            edits += flaw.edits
            end = max(edit.end for edit in flaw.edits)
    return tuple(edits)
