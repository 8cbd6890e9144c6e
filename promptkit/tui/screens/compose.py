"""The main screen: its keys, and how what is typed, drawn and pasted becomes the caption."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on, work
from textual.binding import Binding, BindingType

from promptkit.document import MAX_BYTES
from promptkit.errors import PromptkitError
from promptkit.session import Part, set_field
from promptkit.session import boxes as box_operations
from promptkit.session.elements import element_at
from promptkit.session.pasting import looks_like_a_caption, paste_caption
from promptkit.tui import messages
from promptkit.tui.keys import leading
from promptkit.tui.screens.mending import MendingScreen


class ComposeScreen(MendingScreen):
    """Outline, layout, form, text and findings of one caption."""

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
        Binding("f2", "pane('outline')", "Outline", show=False, tooltip="Show or hide the outline"),
        Binding(
            "f3", "pane('findings')", "Findings", show=False, tooltip="Show or hide the findings"
        ),
        Binding("f4", "pane('json')", "JSON", tooltip="Show or hide the JSON"),
        Binding("f5", "pane('inspector')", "Form", show=False, tooltip="Show or hide the form"),
        Binding("f6,ctrl+g", "app.jump", "Jump", show=False),
        Binding("f7", "finding(-1)", "Previous finding", show=False),
        Binding("f8", "finding(1)", "Next finding"),
        Binding("f9", "fix", "Fix…"),
        Binding("f10", "size", "Size…", show=False),
        Binding("alt+right", "widen(2)", "Widen the pane", show=False),
        Binding("alt+left", "widen(-2)", "Narrow the pane", show=False),
        Binding("alt+down", "heighten(1)", "Heighten the pane", show=False),
        Binding("alt+up", "heighten(-1)", "Shorten the pane", show=False),
    ]

    @on(messages.FieldEdited)
    def _field_edited(self, message: messages.FieldEdited) -> None:
        try:
            changed = self._write(message)
        except PromptkitError as error:
            self._refused(messages.Refused(str(error)))
            return
        if changed:
            self.edited()

    def _write(self, message: messages.FieldEdited) -> bool:
        session, element = self.session, message.element
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
        self.edited()
        lines = changes or ("nothing had to be changed",)
        self.app.push_screen(ReportScreen("Pasted a caption", lines, "ctrl+z takes it back"))

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

    @leading
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
                self.edited()

    @leading
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
            self.edited()

    def _travelled(self, label: str | None, verb: str) -> None:
        if label is None:
            self.notify(f"nothing to be {verb}")
            return
        self.edited()
