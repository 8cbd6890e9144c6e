"""Reproducible lots for the tests."""

from __future__ import annotations

from random import Random


def lot(seed: int) -> Random:
    """A generator that always draws the same."""
    return Random(seed)  # noqa: S311  (a reproducible lot, not a secret)
