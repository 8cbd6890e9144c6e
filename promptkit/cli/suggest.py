"""What the user may have meant."""

from __future__ import annotations

from collections.abc import Iterable


def suggestion(word: str, known: Iterable[str], otherwise: str) -> str:
    """``did you mean 'lint'?`` where something known is close, else ``otherwise``."""
    import difflib  # noqa: PLC0415 - only for those who have mistyped

    close = difflib.get_close_matches(word, list(known), n=1)
    return f"did you mean '{close[0]}'?" if close else otherwise
