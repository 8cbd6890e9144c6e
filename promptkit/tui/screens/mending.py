"""Findings on the compose screen: go from one to the next, mend them, have them explained."""

from __future__ import annotations

from textual import on, work

from promptkit.session.mends import apply_fix, apply_safe_fixes, neighbour, place_of, preview
from promptkit.tui import messages
from promptkit.tui.keys import leading
from promptkit.tui.screens.workbench import Workbench


class MendingScreen(Workbench):
    """A workbench on which the caption is mended."""

    @on(messages.FindingChosen)
    def _finding_chosen(self, message: messages.FindingChosen) -> None:
        self.go_to_finding(message.index, into_field=True)

    def action_finding(self, step: int) -> None:
        listed = min(len(self.session.findings), self.findings.most)
        index = neighbour(listed, self.findings.highlighted, step)
        if index is None:
            self.notify("nothing is wrong with this caption")
            return
        self.findings.highlighted = index
        self.go_to_finding(index, into_field=False)
        if not self.findings.display:
            finding = self.session.findings[index]
            self.notify(f"{finding.code} {finding.message}", severity="warning")

    def go_to_finding(self, index: int, *, into_field: bool) -> None:
        """Select what a finding is about, and put the cursor into its field if wanted."""
        if not 0 <= index < len(self.session.findings):
            return
        finding = self.session.findings[index]
        part, element, key = place_of(self.session, finding)
        if element is not None:
            self.session.select(element)
        else:
            self.session.show(part)
        self.selected()
        if self.json.display:
            self.json.go(finding.start)
        if into_field:
            if self.session.broken:
                self.panes.show("json")
                self.json.go(finding.start)
                self.set_focus(self.json)
                return
            self.panes.show("inspector")
            self.inspector.sync()
            self.inspector.focus_field(key)

    @leading
    @work
    async def action_fix(self) -> None:
        """Show what the fix of the current finding would change, and make it if that is right."""
        from promptkit.tui.screens.report import FixScreen  # noqa: PLC0415

        finding = self.findings.current
        after = preview(self.session, finding) if finding else None
        if finding is None or after is None:
            self.notify("this finding has no fix; e explains it" if finding else "nothing to fix")
            return
        if await self.app.push_screen_wait(FixScreen(finding, self.session.text, after)):
            apply_fix(self.session, finding)
            self.edited()

    def action_fix_all(self) -> None:
        count = apply_safe_fixes(self.session)
        self.edited()
        self.notify(
            f"{count} findings mended" if count else "nothing can be mended without a guess"
        )

    def action_explain(self) -> None:
        from promptkit.tui.screens.report import rule_page  # noqa: PLC0415

        finding = self.findings.current
        if finding is not None:
            self.app.push_screen(rule_page(finding.code))
