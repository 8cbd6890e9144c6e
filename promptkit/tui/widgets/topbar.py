"""The line at the top: the file, the size, what is wrong, and how full the model's reading is."""

from __future__ import annotations

from typing import Final

from rich.text import Text
from textual.widgets import Static

from promptkit.lint import Severity
from promptkit.session import Session
from promptkit.session.outline import Tokens

_BAR: Final = 12


class TopBar(Static):
    """Redrawn from the session."""

    def __init__(self, session: Session) -> None:
        super().__init__(id="topbar")
        self.session = session
        self.tokens: Tokens | None = None
        self._line = Text()

    def on_mount(self) -> None:
        self.sync()

    def sync(self) -> None:
        """Show the session's state."""
        session = self.session
        line = heading(session.path.name if session.path else "new caption")
        line.append(" ●" if session.dirty else "  ", "yellow")
        line.append(f"  {session.size}", "")
        errors = sum(each.severity is Severity.ERROR for each in session.findings)
        warnings = sum(each.severity is Severity.WARNING for each in session.findings)
        line.append("  ")
        if errors:
            line.append(f"✗ {errors} ", "bold red")
        if warnings:
            line.append(f"▲ {warnings} ", "yellow")
        if session.checked >= 0 and not errors and not warnings:
            line.append("✓ ", "green")
        line.append_text(meter(self.tokens))
        if line != self._line or line.spans != self._line.spans:
            self._line = line
            self.update(line, layout=False)


def heading(words: str) -> Text:
    """How the line at the top begins on every screen."""
    line = Text(no_wrap=True, overflow="ellipsis", end="")
    line.append(" promptkit ", "bold reverse")
    return line.append(f" {words}", "bold")


def meter(tokens: Tokens | None) -> Text:
    """How many of the tokens that the model reads are taken."""
    text = Text(" ")
    if tokens is None:
        return text
    from promptkit.tokens import LIMIT  # noqa: PLC0415 - the first sight shows no tokens

    share = min(tokens.total / LIMIT, 1.0)
    color = "red" if tokens.total > LIMIT else "yellow" if share > 0.9 else "green"
    filled = round(share * _BAR)
    text.append("━" * filled, color)
    text.append("━" * (_BAR - filled), "dim")
    about = "" if tokens.exact else "≈"
    text.append(f" {about}{tokens.total}", color)
    text.append(f"/{LIMIT} tokens", "dim")
    return text
