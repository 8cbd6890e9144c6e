"""The shelf of templates: choose one, fill in its variables, see the layout while doing so."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from promptkit.canonical import pretty
from promptkit.caption import compact_json
from promptkit.document import read
from promptkit.errors import PromptkitError
from promptkit.lint import Severity
from promptkit.session import Session, new_session
from promptkit.templating import Plan, Template
from promptkit.templating.shelf import SUFFIX, shelf
from promptkit.templating.source import template_name
from promptkit.tui.keys import leading
from promptkit.tui.screens.answering import AnsweringScreen
from promptkit.tui.screens.variants import VariantsScreen
from promptkit.tui.widgets.keyline import KeyLine
from promptkit.tui.widgets.layout import LayoutView
from promptkit.tui.widgets.topbar import heading
from promptkit.tui.widgets.variable import VariableField, as_text, field_of


class ShelfScreen(AnsweringScreen[Session | None]):
    """Answers with a new caption made from a template."""

    HELP = """\
Templates to start from. Enter goes to the variables; the layout follows what you type. ctrl+r draws
those that you have not chosen yourself, ctrl+g shows many variants at once and writes them to
files, ctrl+s takes the caption into the editor.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "take", "Use it", priority=True),
        Binding("ctrl+r", "draw", "Another draw", priority=True),
        Binding("ctrl+g", "variants", "Variants…", priority=True),
        Binding("escape", "back", "Back"),
        Binding("f1", "app.help", "Help"),
    ]

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._paths = [*shelf(), *sorted(folder.glob(f"*{SUFFIX}"))]
        self._template: Template | None = None
        self._seed = 0
        self.preview = LayoutView(Session("{}"), id="shelf-preview")

    def compose(self) -> ComposeResult:
        yield Static(heading("templates"), id="topbar")
        with Horizontal():
            with Vertical(id="shelf-left"):
                yield OptionList(
                    *(Option(Text(template_name(path))) for path in self._paths), id="shelf"
                )
                yield Static("", id="shelf-about")
            with Vertical(id="shelf-work"):
                with Vertical(id="shelf-middle"):
                    yield self.preview
                    yield Static("", id="shelf-problem")
                yield VerticalScroll(id="shelf-form", can_focus=False)
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one("#shelf").border_title = "Templates"
        self.query_one("#shelf-form").border_title = "Variables"
        self.preview.border_title = "Layout"
        self._tell("")
        self.query_one(OptionList).focus()

    @on(OptionList.OptionHighlighted)
    async def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        form = self.query_one("#shelf-form", VerticalScroll)
        about = self.query_one("#shelf-about", Static)
        await form.remove_children()
        try:
            self._template = template = Template.load(self._paths[event.option_index])
        except PromptkitError as error:
            self._template = None
            about.update(Text(str(error), "red"))
            return
        about.update(Text(template.source.front.description))
        await form.mount_all(field_of(template, name) for name in template.source.front.variables)
        self._render_now()

    @on(OptionList.OptionSelected)
    def _chosen(self) -> None:
        fields = self.query(VariableField)
        if fields:
            fields.first().focus_value()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._render_now()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.focus_next(Input)

    def action_back(self) -> None:
        """From the variables to the list, from the list to the caption."""
        shelf_list = self.query_one(OptionList)
        if shelf_list.has_focus:
            self.dismiss(None)
        else:
            shelf_list.focus()

    def action_take(self) -> None:
        made = self._render_now()
        if made is not None:
            self.dismiss(new_session(made.text, size=made.size, folder=self._folder))

    def action_draw(self) -> None:
        """Fill in what a sampled variant has for the variables that nobody has chosen."""
        template = self._template
        if template is None:
            return
        self._seed += 1
        try:
            plan = Plan(template, self._values(chosen=True), ({},), {}, 1, self._seed, 1)
            drawn = next(iter(plan.values()))
        except PromptkitError as error:
            self._tell(str(error))
            return
        for field in self.query(VariableField):
            if field.choices and not field.is_chosen:
                field.set_drawn(as_text(drawn[field.variable_name]))

    @leading
    @work
    async def action_variants(self) -> None:
        """See what the template makes, many at a time."""
        template = self._template
        if template is None:
            return
        chosen = {field.variable_name for field in self.query(VariableField) if field.is_chosen}
        screen = VariantsScreen(template, self._values(), chosen, self._folder)
        made = await self.app.push_screen_wait(screen)
        if made is not None:
            self.dismiss(new_session(made.text, size=made.size, folder=self._folder))

    def _values(self, *, chosen: bool = False) -> dict[str, str]:
        """What is in the form; with ``chosen`` only where nothing may be drawn instead."""
        return {
            field.variable_name: field.value
            for field in self.query(VariableField)
            if not chosen or field.is_chosen or not field.choices
        }

    def _render_now(self) -> Session | None:
        template = self._template
        if template is None:
            return None
        try:
            values = template.complete(self._values())
            rendered = template.render(values, template.source.size)
            text = pretty(read(compact_json(rendered.data))) + "\n"
        except PromptkitError as error:
            self._tell(str(error).removeprefix(f"{template.source.place}: "))
            return None
        session = Session(text, size=template.source.size)
        self.preview.session = session
        self.preview.border_subtitle = str(session.size)
        self.preview.sync()
        bad = [each for each in session.check() if each.severity is not Severity.INFO]
        self._tell("; ".join(f"{each.code} {each.message}" for each in bad))
        return session

    def _tell(self, problem: str) -> None:
        place = self.query_one("#shelf-problem", Static)
        place.update(Text(problem, "yellow"))
        place.display = bool(problem)
