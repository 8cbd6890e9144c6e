"""How pictures can be shown in this terminal, as far as its environment tells."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Graphics:
    """A way to show a picture."""

    text: str
    exact: bool
    """Whether it shows pixels rather than coloured characters."""


def terminal_graphics(environment: Mapping[str, str] | None = None) -> Graphics:
    """The best way that the terminal is known for.

    A guess from what terminals say of themselves: asking the terminal would need its raw input.
    """
    variables = os.environ if environment is None else environment
    term, program = variables.get("TERM", ""), variables.get("TERM_PROGRAM", "")
    if environment is None and not sys.stderr.isatty():
        return Graphics("no terminal: nothing to show pictures on", exact=True)
    if "kitty" in term or "KITTY_WINDOW_ID" in variables or program in {"ghostty", "WezTerm"}:
        return Graphics("Kitty graphics protocol", exact=True)
    if program == "iTerm.app":
        return Graphics("iTerm2 inline images", exact=True)
    if (
        term.startswith(("foot", "mlterm", "contour"))
        or "sixel" in term
        or "WT_SESSION" in variables
    ):
        return Graphics("Sixel", exact=True)
    colors = variables.get("COLORTERM", "")
    if colors in {"truecolor", "24bit"}:
        return Graphics("half blocks in 24-bit colour", exact=False)
    return Graphics("half blocks in 256 colours", exact=False)
