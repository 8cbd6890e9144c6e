"""Things with their number, as messages say it."""

from __future__ import annotations


def many(count: int, noun: str) -> str:
    """``1 finding``, ``2,000 findings``, ``2 entries``, ``3 boxes``."""
    plural = f"{noun}s"
    if noun.endswith("ry"):
        plural = f"{noun[:-1]}ies"
    elif noun.endswith("x"):
        plural = f"{noun}es"
    return f"{count:,} {noun if count == 1 else plural}"
