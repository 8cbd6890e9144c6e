"""Choose the picture's size, and what becomes of the boxes."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from promptkit.geometry import Size
from promptkit.sizes import COMMON_SIZES, size_problem
from promptkit.tui.screens.dialog import Dialog


class SizeScreen(Dialog[tuple[Size, bool]]):
    """Enter keeps the numbers of the boxes, ctrl+r their shapes in pixels."""

    caption = "Picture size"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+r", "refit", "Re-fit the boxes", priority=True),
        Binding("down", "list", "Sizes", show=False),
    ]

    def __init__(self, size: Size) -> None:
        super().__init__()
        self._picture = size

    def parts(self) -> ComposeResult:
        yield Input(str(self._picture), placeholder="1024x1024", id="size")
        yield Static("", id="size-problem", markup=False)
        yield OptionList(*(Option(size) for size in COMMON_SIZES))
        yield Static("Enter keeps the boxes' numbers · ctrl+r keeps their shapes", classes="hint")

    def action_list(self) -> None:
        sizes = self.query_one(OptionList)
        sizes.highlighted = sizes.highlighted or 0
        sizes.focus()

    def action_refit(self) -> None:
        self._finish(refit=True)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self._finish(refit=False)

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        if self.query_one(OptionList).has_focus:
            self.query_one(Input).value = COMMON_SIZES[event.option_index]

    @on(OptionList.OptionSelected)
    def _selected(self) -> None:
        self._finish(refit=False)

    def _finish(self, *, refit: bool) -> None:
        try:
            size = Size.parse(self.query_one(Input).value)
        except ValueError as error:
            self.query_one("#size-problem", Static).update(str(error))
            return
        problem = size_problem(*size)
        if problem is not None:
            self.query_one("#size-problem", Static).update(problem)
            return
        self.dismiss((size, refit))
