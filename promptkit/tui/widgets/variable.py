"""A variable of a template: what it is for, and its value to type or to go through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from promptkit.caption import compact_json
from promptkit.templating import Template
from promptkit.templating.variables import BooleanVariable, Variable
from promptkit.tui.widgets.choice_input import ChoiceInput


class VariableField(Vertical):
    """The value is text, as on the command line; up and down go through what may be chosen."""

    HELP = """\
A variable of the template. Where it has choices, ↑ and ↓ go through them; what you type or choose
yourself stays as it is when variants are drawn.
"""

    def __init__(self, name: str, variable: Variable, value: str, choices: Sequence[str]) -> None:
        super().__init__(classes="variable")
        self.variable_name = name
        self.choices = choices
        self.is_chosen = False
        """Whether the value is the user's own, and no default or draw."""
        self._variable = variable
        self._given = value
        self._input = ChoiceInput(value, choices, placeholder=variable.kind)
        self._count = Static("", classes="variable-count")

    def compose(self) -> ComposeResult:
        about = self._variable.description
        yield Static(
            Text.assemble((self.variable_name, "bold"), (f"  {about}", "dim")),
            classes="variable-about",
        )
        with Horizontal(classes="variable-value"):
            yield self._input
            yield self._count

    def on_mount(self) -> None:
        self._tell()

    @property
    def value(self) -> str:
        """What is typed."""
        return self._input.value

    def set_drawn(self, value: str) -> None:
        """Another value that the user did not choose."""
        self._given = self._input.value = value
        self.is_chosen = False

    def focus_value(self) -> None:
        """Put the cursor into the value."""
        self._input.focus()

    @on(Input.Changed)
    def _changed(self) -> None:
        self.is_chosen = self.is_chosen or self.value != self._given
        self._tell()

    def _tell(self) -> None:
        if self.choices:
            place = self._input.place
            number = "–" if place is None else place + 1
            self._count.update(Text(f"↑↓ {number}/{len(self.choices)}", "dim"))


def field_of(template: Template, name: str) -> VariableField:
    """The field of a variable, with its default in it."""
    variable = template.source.front.variables[name]
    every = [as_text(value) for value in alternatives(template, name)]
    return VariableField(name, variable, as_text(template.defaults.get(name)), every)


def alternatives(template: Template, name: str) -> list[Any]:
    """Every value that a variable may have, where there are few."""
    choice = template.choices.get(name)
    if choice is not None:
        return choice.values()
    variable = template.source.front.variables[name]
    return [False, True] if isinstance(variable, BooleanVariable) else []


def as_text(value: Any) -> str:
    """A value as one types it."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)) and not any(isinstance(each, dict) for each in value):
        return ", ".join(map(str, value))
    if isinstance(value, str):
        return value
    return compact_json(value) if isinstance(value, (dict, list, bool)) else str(value)
