"""The shelf of templates: choose one, fill in its variables, see the layout while doing so."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import Footer, Input, OptionList, Static
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
from promptkit.templating.variables import Variable
from promptkit.tui.widgets.layout import LayoutView


class VariableField(Vertical):
    """A variable of a template and its value as text."""

    def __init__(self, name: str, variable: Variable, value: str) -> None:
        super().__init__(classes="variable")
        self.variable_name = name
        self._about = variable.description
        self._kind = variable.kind
        self._value = value

    def compose(self) -> ComposeResult:
        about = Text.assemble((self.variable_name, "bold"), (f"  {self._about}", "dim"))
        yield Static(about)
        yield Input(self._value, placeholder=self._kind, compact=True)

    @property
    def value(self) -> str:
        """What is typed."""
        return self.query_one(Input).value


class ShelfScreen(Screen[Session | None]):
    """Answers with a new caption made from a template."""

    HELP = """\
Templates to start from. The layout follows what you type; ctrl+r draws the variables that have
choices anew, ctrl+s takes the caption into the editor.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Back"),
        Binding("ctrl+s", "take", "Use it", priority=True),
        Binding("ctrl+r", "draw", "Another variant", priority=True),
        Binding("f1", "app.help", "Help", show=False),
    ]

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._paths = [*shelf(), *sorted(folder.glob(f"*{SUFFIX}"))]
        self._template: Template | None = None
        self._seed = 0
        self.preview = LayoutView(Session("{}"), id="shelf-preview")

    def compose(self) -> ComposeResult:
        yield Static(Text(" promptkit  templates", "bold"), id="topbar")
        with Horizontal():
            with Vertical(id="shelf-left"):
                yield OptionList(*(Option(template_name(path)) for path in self._paths))
                yield Static("", id="shelf-about")
            with Vertical(id="shelf-middle"):
                yield self.preview
                yield Static("", id="shelf-problem")
            yield VerticalScroll(id="shelf-form", can_focus=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()

    @on(OptionList.OptionHighlighted)
    async def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        form = self.query_one("#shelf-form", VerticalScroll)
        about = self.query_one("#shelf-about", Static)
        try:
            self._template = template = Template.load(self._paths[event.option_index])
        except PromptkitError as error:
            self._template = None
            about.update(Text(str(error), "red"))
            await form.remove_children()
            return
        about.update(Text(template.source.front.description))
        await form.remove_children()
        variables = template.source.front.variables
        values = template.defaults
        await form.mount_all(
            VariableField(name, variable, as_text(values.get(name)))
            for name, variable in variables.items()
        )
        self._render_now()

    @on(OptionList.OptionSelected)
    def _chosen(self) -> None:
        fields = self.query(VariableField)
        if fields:
            fields.first().query_one(Input).focus()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._render_now()

    def action_cancel(self) -> None:
        self.dismiss(None)

    def action_take(self) -> None:
        made = self._render_now()
        if made is not None:
            self.dismiss(new_session(made.text, size=made.size, folder=Path.cwd()))

    def action_draw(self) -> None:
        """Fill in what a sampled variant has for the variables with choices."""
        template = self._template
        if template is None:
            return
        self._seed += 1
        try:
            plan = Plan(template, {}, ({},), {}, 1, self._seed, 1)
            drawn = next(iter(plan.values()))
        except PromptkitError as error:
            self._tell(str(error))
            return
        for field in self.query(VariableField):
            if field.variable_name in template.choices:
                field.query_one(Input).value = as_text(drawn[field.variable_name])

    def _render_now(self) -> Session | None:
        template = self._template
        if template is None:
            return None
        typed = {field.variable_name: field.value for field in self.query(VariableField)}
        try:
            values = template.complete(typed)
            rendered = template.render(values, template.source.size)
            text = pretty(read(compact_json(rendered.data))) + "\n"
        except PromptkitError as error:
            self._tell(str(error))
            return None
        session = Session(text, size=template.source.size)
        self.preview.session = session
        self.preview.sync()
        bad = [each for each in session.check() if each.severity is not Severity.INFO]
        self._tell("; ".join(f"{each.code} {each.message}" for each in bad))
        return session

    def _tell(self, problem: str) -> None:
        self.query_one("#shelf-problem", Static).update(Text(problem, "yellow"))


def as_text(value: Any) -> str:
    """A value as one types it."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)) and not any(isinstance(each, dict) for each in value):
        return ", ".join(map(str, value))
    if isinstance(value, str):
        return value
    return compact_json(value) if isinstance(value, (dict, list, bool)) else str(value)
