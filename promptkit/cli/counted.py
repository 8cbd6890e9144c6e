"""Things with their number, as messages say it."""

from __future__ import annotations


def many(count: int, noun: str) -> str:
    """``1 finding``, ``2,000 findings``, ``2 entries``."""
    plural = f"{noun[:-1]}ies" if noun.endswith("ry") else f"{noun}s"
    return f"{count:,} {noun if count == 1 else plural}"
