"""What is wrong with the caption, as one types."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from promptkit.counted import many
from promptkit.lint import Finding, Safety, Severity
from promptkit.session import Session
from promptkit.tui.messages import FindingChosen

COLORS = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


class FindingsList(OptionList):
    """In the order of the text."""

    HELP = """\
What is wrong with the caption. Enter goes to the field concerned, f mends it and shows the change
first, F mends everything that needs no guess, e explains the rule.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "screen.fix", "Fix…"),
        Binding("F", "screen.fix_all", "Fix all safe"),
        Binding("e", "screen.explain", "Explain"),
    ]

    most: ClassVar[int] = 300
    """Findings that are listed; whoever has more mends some first."""

    def __init__(self, session: Session) -> None:
        super().__init__(id="findings")
        self.session = session
        self._shown: tuple[Finding, ...] | None = None
        self._is_empty = True

    def on_mount(self) -> None:
        self.sync()

    @property
    def current(self) -> Finding | None:
        """The finding under the cursor."""
        index, findings = self.highlighted, self.session.findings
        return findings[index] if index is not None and index < len(findings) else None

    def sync(self) -> None:
        """Show the session's findings."""
        if not self.is_attached:
            return
        findings = self.session.findings
        if self.session.checked < 0:
            # Nothing is known yet, which is not the same as nothing being wrong.
            self.border_title = "Findings"
            return
        if findings == self._shown:
            return
        self._shown = findings
        keep = self.highlighted
        with self.prevent(OptionList.OptionHighlighted):
            listed = findings[: self.most]
            if len(listed) == self.option_count and not self._is_empty:
                for index, finding in enumerate(listed):
                    self.replace_option_prompt_at_index(index, _line(finding))
            else:
                self.clear_options()
                self.add_options([Option(_line(finding)) for finding in listed])
            if findings:
                self.highlighted = min(keep or 0, len(listed) - 1)
        errors = sum(each.severity is Severity.ERROR for each in findings)
        warnings = sum(each.severity is Severity.WARNING for each in findings)
        self.border_title = f"Findings · {many(errors, 'error')} · {many(warnings, 'warning')}"
        self._is_empty = not findings
        if not findings:
            self.border_title = "Findings · none"
            self.add_option(
                Option(Text("nothing is wrong with this caption", "dim"), disabled=True)
            )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(FindingChosen(event.option_index))


def _line(finding: Finding) -> Text:
    line = Text(overflow="fold", end="")
    line.append(f"{finding.code} ", COLORS[finding.severity])
    line.append(finding.message)
    if finding.fix is not None:
        sure = "fix" if finding.fix.safety is Safety.SAFE else "guess"
        line.append(f"  [{sure}: {finding.fix.title.lower()}]", "dim italic")
    return line
