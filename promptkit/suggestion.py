"""What the user may have meant."""

from __future__ import annotations

from collections.abc import Iterable


def suggestion(word: str, known: Iterable[str], otherwise: str, *, cutoff: float = 0.6) -> str:
    """``did you mean 'lint'?`` where something known is close, else ``otherwise``.

    ``cutoff`` is how alike two words must be, 0 to 1.
    """
    import difflib  # noqa: PLC0415 - only for those who have mistyped

    close = difflib.get_close_matches(word, list(known), n=1, cutoff=cutoff)
    return f"did you mean '{close[0]}'?" if close else otherwise
