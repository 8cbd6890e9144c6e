"""A line to type in that also offers what is usual."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input


class ChoiceInput(Input):
    """Up and down go through ``choices``; anything else may be typed as well."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "turn(1)", "Next choice", show=False),
        Binding("up", "turn(-1)", "Previous choice", show=False),
    ]

    def __init__(
        self,
        value: str,
        choices: Sequence[str] = (),
        *,
        placeholder: str = "",
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(value, placeholder=placeholder, id=id, compact=True)
        self.choices = choices
        self.cursor_blink = False

    @property
    def place(self) -> int | None:
        """Which of the choices it holds."""
        return self.choices.index(self.value) if self.value in self.choices else None

    def action_turn(self, step: int) -> None:
        """The next of the choices."""
        if not self.choices:
            return
        start = self.place
        if start is None:
            start = -1 if step > 0 else 0
        self.value = self.choices[(start + step) % len(self.choices)]
        self.cursor_position = len(self.value)
