"""Things to read: what was changed, what a fix would change, what a rule says."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from promptkit.lint import Finding, Safety, find_rule
from promptkit.tui.screens.dialog import Dialog

_COLORS = {"+": "green", "-": "red", "@": "cyan"}
_LONGEST = 300
"""Characters of a changed line that are shown."""


class ReportScreen(Dialog[None]):
    """A heading and lines to scroll through."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "cancel", "Close")]

    def __init__(self, heading: str, lines: Sequence[str] | Text, hint: str = "") -> None:
        super().__init__()
        self._heading = heading
        self._lines = lines
        self._hint = hint

    @property
    def heading(self) -> str:
        return self._heading

    def parts(self) -> ComposeResult:
        lines = self._lines
        with VerticalScroll(classes="pages"):
            if isinstance(lines, Text):
                yield Static(lines)
            else:
                yield Static("\n".join(f"• {line}" for line in lines), markup=False)
        if self._hint:
            yield Static(self._hint, classes="hint")

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()


class FixScreen(Dialog[bool]):
    """What a fix would change."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,y", "make", "Make it")]

    def __init__(self, finding: Finding, before: str, after: str) -> None:
        super().__init__()
        self._finding = finding
        self._before, self._after = before, after

    @property
    def heading(self) -> str:
        fix = self._finding.fix
        return fix.title if fix else ""

    def parts(self) -> ComposeResult:
        fix = self._finding.fix
        yield Static(f"{self._finding.code} {self._finding.message}", markup=False)
        with VerticalScroll(classes="pages"):
            yield Static(changes(self._before, self._after))
        is_safe = fix is not None and fix.safety is Safety.SAFE
        sure = "nothing is guessed" if is_safe else "this is a guess; look at it"
        yield Static(f"Enter makes it, Escape leaves it · {sure}", classes="hint")

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def action_make(self) -> None:
        self.dismiss(result=True)


def changes(before: str, after: str) -> Text:
    """The lines that differ, as a coloured diff."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1)
    text = Text()
    for line in list(lines)[2:]:
        text.append(line[:_LONGEST] + "\n", _COLORS.get(line[:1], "dim"))
    return text


def rule_page(code: str) -> ReportScreen:
    """The page of a rule."""
    rule = find_rule(code)
    if rule is None:
        return ReportScreen(code, ["no such rule"])
    return ReportScreen(f"{rule.code} {rule.slug}", Text(rule.page.strip()))
