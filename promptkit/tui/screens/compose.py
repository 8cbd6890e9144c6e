"""The main screen: outline, layout, form, text and findings of one caption."""

from __future__ import annotations

import gc
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.timer import Timer
from textual.worker import get_current_worker

from promptkit.document import MAX_BYTES
from promptkit.errors import PromptkitError
from promptkit.session import Part, Session, set_field
from promptkit.session import boxes as box_operations
from promptkit.session.elements import element_at
from promptkit.session.mends import apply_fix, apply_safe_fixes, neighbour, place_of, preview
from promptkit.session.pasting import looks_like_a_caption, paste_caption
from promptkit.tui import messages
from promptkit.tui.panes import Panes
from promptkit.tui.widgets.canvas import Canvas
from promptkit.tui.widgets.keyline import KeyLine
from promptkit.tui.widgets.outline import Outline
from promptkit.tui.widgets.topbar import TopBar

if TYPE_CHECKING:
    from promptkit.session.outline import Tokens
    from promptkit.tui.widgets.findings import FindingsList
    from promptkit.tui.widgets.inspector import Inspector
    from promptkit.tui.widgets.json_pane import JsonPane

QUICK: Final = 1 << 15
"""Characters of a text that is linted at once; longer ones are linted in a thread."""
COUNT_AFTER: Final = 0.25
"""Seconds after the last change at which tokens are counted."""


class ComposeScreen(Screen[None]):
    """Widgets tell it what was done; it has everything show the session again.

    The outline and the layout are on the screen first. What the first sight can do without, the
    panes of the column at the right and the rules, is loaded when they have been painted, into
    room that is kept for it.
    """

    AUTO_FOCUS = "#canvas"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "app.save", "Save", priority=True),
        Binding("f12", "app.save_as", "Save as…", show=False),
        Binding("ctrl+o", "app.open", "Open…", show=False, priority=True),
        Binding("ctrl+n", "app.new", "New", show=False, priority=True),
        Binding("ctrl+t", "app.templates", "Templates", show=False, priority=True),
        Binding("ctrl+r", "app.generate", "Generate", priority=True),
        Binding("ctrl+b", "app.gallery", "Gallery", show=False, priority=True),
        Binding("ctrl+z", "undo", "Undo", show=False, priority=True),
        Binding("ctrl+y", "redo", "Redo", show=False, priority=True),
        Binding("question_mark,f1", "app.help", "Help"),
        Binding("escape", "leave", "Layout", tooltip="To the layout"),
        Binding("f2", "pane('outline')", "Outline", show=False),
        Binding("f3", "pane('findings')", "Findings", show=False),
        Binding("f4", "pane('json')", "JSON"),
        Binding("f5", "pane('inspector')", "Form", show=False),
        Binding("f6,ctrl+g", "app.jump", "Jump", show=False),
        Binding("f7", "finding(-1)", "Previous finding", show=False),
        Binding("f8", "finding(1)", "Next finding"),
        Binding("f9", "fix", "Fix…"),
        Binding("f10", "size", "Size…", show=False),
        Binding("alt+right", "widen(2)", "Widen the pane", show=False),
        Binding("alt+left", "widen(-2)", "Narrow the pane", show=False),
        Binding("alt+down", "heighten(1)", "Heighten the pane", show=False),
        Binding("alt+up", "heighten(-1)", "Lower the pane", show=False),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.top = TopBar(session)
        self.outline = Outline(session)
        self.canvas = Canvas(session)
        self.right = Vertical(id="right")
        self.panes = Panes(self)
        self.is_furnished = False
        """Whether the column at the right has its panes."""
        self.is_complete = False
        """Whether everything is loaded that is loaded after the first painting."""
        self._counting: Timer | None = None

    @cached_property
    def inspector(self) -> Inspector:
        from promptkit.tui.widgets.inspector import Inspector  # noqa: PLC0415 - after first paint

        return Inspector(self.session)

    @cached_property
    def json(self) -> JsonPane:
        from promptkit.tui.widgets.json_pane import JsonPane  # noqa: PLC0415 - after first paint

        return JsonPane(self.session)

    @cached_property
    def findings(self) -> FindingsList:
        from promptkit.tui.widgets.findings import FindingsList  # noqa: PLC0415 - after first paint

        return FindingsList(self.session)

    def compose(self) -> ComposeResult:
        width = self.app.size.width
        # Textual sets these at the first Resize, which comes after the first painting.
        names = (name for least, name in self.app.HORIZONTAL_BREAKPOINTS or () if width >= least)
        self.add_class(*list(names)[-1:])
        self.panes.arrange(width)
        yield self.top
        with Horizontal(id="workbench"):
            yield self.outline
            yield self.canvas
            yield self.right
        yield KeyLine()

    def on_mount(self) -> None:
        self.call_after_refresh(self._furnish)

    def _furnish(self) -> None:
        """Put the panes into the column at the right."""
        self.is_furnished = True
        self.panes.apply()
        self.right.mount(self.inspector, self.json, self.findings)
        self.call_after_refresh(self._first_check)

    def _first_check(self) -> None:
        with self.app.batch_update():
            self.check()
            self.sync()
        self.count_soon()
        self.call_after_refresh(self._complete)

    def _complete(self) -> None:
        """Make what is not seen yet, a little at a time, so that no key has to wait for all."""
        self.is_complete = self.inspector.prepare()
        if not self.is_complete:
            self.call_after_refresh(self._complete)

    def on_resize(self, event: events.Resize) -> None:
        self.panes.arrange(event.size.width)

    def sync(self) -> None:
        """Have everything show the session."""
        for widget in (self.canvas, self.outline, self.inspector, self.top):
            widget.sync()
        if self.json.display:
            self.json.sync()

    def check(self) -> None:
        """Bring the findings up to date, at once or for a long text in a thread."""
        session = self.session
        if session.checked != session.revision:
            if len(session.text) <= QUICK:
                session.check()
            else:
                self._check_aside(session.revision)
        self.findings.sync()
        self.json.mark()

    def count_soon(self) -> None:
        """Count tokens when the typing pauses."""
        if self._counting is not None:
            self._counting.stop()
        self._counting = self.set_timer(COUNT_AFTER, self._count)

    @on(messages.Edited)
    def _edited(self) -> None:
        with self.app.batch_update():
            self.check()
            self.sync()
        self.count_soon()
        # The application writes unsaved text down.
        self.app.post_message(messages.Edited())

    @on(messages.Selected)
    def _selected(self) -> None:
        with self.app.batch_update():
            self.canvas.sync()
            self.outline.sync()
            self.inspector.sync()

    @on(messages.FieldEdited)
    def _field_edited(self, message: messages.FieldEdited) -> None:
        try:
            changed = self._write(message)
        except PromptkitError as error:
            self._refused(messages.Refused(str(error)))
            return
        if changed:
            self._edited()

    def _write(self, message: messages.FieldEdited) -> bool:
        session, element = self.session, self.session.marks.element
        from promptkit.tui.widgets.field import field_data  # noqa: PLC0415 - after first paint

        data = field_data(message.key, message.value)
        made = False
        if message.key == "text" and element is not None:
            # Lettering makes an object a text element, and there is none without it.
            found = element_at(session, element)
            if found is not None and found.type == "obj":
                made = set_field(session, Part.ELEMENT, "type", "text", element)
        return set_field(session, message.part, message.key, data, element) or made

    @on(messages.Refused)
    def _refused(self, message: messages.Refused) -> None:
        self.notify(message.reason, severity="warning")

    @on(messages.Pasted)
    def _pasted(self, message: messages.Pasted) -> None:
        from promptkit.tui.screens.report import ReportScreen  # noqa: PLC0415

        changes = paste_caption(self.session, message.text)
        self._edited()
        lines = changes or ("nothing had to be changed",)
        self.app.push_screen(ReportScreen("Pasted a caption", lines, "ctrl+z takes it back"))

    @on(messages.Checked)
    def _checked(self, message: messages.Checked) -> None:
        if self.session.accept(message.revision, message.findings):
            self.findings.sync()
            self.json.mark()
            self.sync()

    @on(messages.Counted)
    def _counted(self, message: messages.Counted) -> None:
        if message.revision == self.session.revision:
            self.top.tokens = self.outline.tokens = self.inspector.tokens = message.tokens
            self.top.sync()
            self.outline.sync()
            self.inspector.sync()

    @on(messages.FindingChosen)
    def _finding_chosen(self, message: messages.FindingChosen) -> None:
        self.go_to_finding(message.index, into_field=True)

    def on_paste(self, event: events.Paste) -> None:
        """A paste where no field has the cursor is a whole caption, or nothing."""
        if len(event.text) > MAX_BYTES:
            reason = f"{len(event.text):,} characters are no caption"
            self.post_message(messages.Refused(reason))
        elif looks_like_a_caption(event.text):
            self.post_message(messages.Pasted(event.text))
        else:
            self.post_message(messages.Refused("that is no caption; put the cursor into a field"))

    def action_undo(self) -> None:
        self._travelled(self.session.undo(), "undone")

    def action_redo(self) -> None:
        self._travelled(self.session.redo(), "done again")

    def action_leave(self) -> None:
        self.panes.leave()

    def action_edit_fields(self) -> None:
        self.panes.show("inspector")
        self.inspector.sync()
        self.inspector.focus_field("")

    async def action_canvas(self, action: str) -> None:
        """Have the layout do something while the outline has the focus."""
        await self.canvas.run_action(action)

    def action_pane(self, name: str) -> None:
        self.panes.toggle(name)

    def action_widen(self, cells: int) -> None:
        self.panes.widen(cells)

    def action_heighten(self, rows: int) -> None:
        self.panes.heighten(rows)

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
        self._selected()
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
            self._edited()

    def action_fix_all(self) -> None:
        count = apply_safe_fixes(self.session)
        self._edited()
        self.notify(
            f"{count} findings mended" if count else "nothing can be mended without a guess"
        )

    def action_explain(self) -> None:
        from promptkit.tui.screens.report import rule_page  # noqa: PLC0415

        finding = self.findings.current
        if finding is not None:
            self.app.push_screen(rule_page(finding.code))

    @work
    async def action_arrange(self) -> None:
        from promptkit.tui.screens.arrange import ArrangeScreen  # noqa: PLC0415

        how = await self.app.push_screen_wait(ArrangeScreen())
        if how is not None:
            try:
                changed = how(self.session)
            except PromptkitError as error:
                self._refused(messages.Refused(str(error)))
                return
            if changed:
                self._edited()

    @work
    async def action_size(self) -> None:
        from promptkit.tui.screens.size import SizeScreen  # noqa: PLC0415

        chosen = await self.app.push_screen_wait(SizeScreen(self.session.size))
        if chosen is not None:
            size, refit = chosen
            try:
                box_operations.set_size(self.session, size, refit=refit)
            except PromptkitError as error:
                self._refused(messages.Refused(str(error)))
            self._edited()

    def _travelled(self, label: str | None, verb: str) -> None:
        if label is None:
            self.notify(f"nothing to be {verb}")
            return
        self._edited()

    def _count(self) -> None:
        # Old trees refer to their parents, so that only the collector frees them: it takes its
        # time now, when nobody waits.
        if gc.get_freeze_count():
            gc.collect()
        view = self.session.view
        if view is not None and not self.session.broken:
            self._count_aside(self.session.revision)

    @work(thread=True, exclusive=True, group="tokens")
    def _count_aside(self, revision: int) -> None:
        from promptkit.session.outline import count_tokens  # noqa: PLC0415 - loads the tokenizer

        view = self.session.view
        tokens: Tokens | None = count_tokens(view.node) if view else None
        if not get_current_worker().is_cancelled:
            self.post_message(messages.Counted(revision, tokens))

    @work(thread=True, exclusive=True, group="lint")
    def _check_aside(self, revision: int) -> None:
        findings = self.session.lint()
        if not get_current_worker().is_cancelled:
            self.post_message(messages.Checked(revision, findings))
