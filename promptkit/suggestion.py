"""What the user may have meant."""

from __future__ import annotations

from collections.abc import Iterable


def suggestion(word: str, known: Iterable[str], otherwise: str, *, cutoff: float = 0.6) -> str:
    """``did you mean 'lint'?`` where something known is close, else ``otherwise``.

    Capitals do not matter. ``cutoff`` is how alike two words must be, 0 to 1.
    """
    import difflib  # noqa: PLC0415 - only for those who have mistyped

    spelt = {each.lower(): each for each in known}
    close = difflib.get_close_matches(word.lower(), list(spelt), n=1, cutoff=cutoff)
    return f"did you mean '{spelt[close[0]]}'?" if close else otherwise
