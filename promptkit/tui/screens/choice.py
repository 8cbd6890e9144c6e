"""Ask a question with a few answers, each with its key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Generic, TypeVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from promptkit.tui.screens.dialog import Dialog

Value = TypeVar("Value")


UNASKED_SECONDS: Final = 0.5
"""So long a dialog that nobody asked for takes no key: they were meant for what it covers."""


class ChoiceScreen(Dialog[Value], Generic[Value]):
    """Answers are given by their letter, or with the arrows and Enter.

    An ``unasked`` one comes up by itself, perhaps under the fingers of someone who types.
    """

    AUTO_FOCUS = ""

    def __init__(
        self,
        heading: str,
        question: str,
        answers: Mapping[str, tuple[str, Value]],
        *,
        unasked: bool = False,
    ) -> None:
        super().__init__()
        self._is_open = not unasked
        self._heading = heading
        self._question = question
        self._answers = answers

    @property
    def heading(self) -> str:
        return self._heading

    def parts(self) -> ComposeResult:
        if self._question:
            yield Static(self._question, classes="question", markup=False)
        options = [
            Option(Text.assemble((f" {key} ", "bold reverse"), f"  {title}"), id=f"answer-{place}")
            for place, (key, (title, _)) in enumerate(self._answers.items())
        ]
        yield OptionList(*options)

    def on_mount(self) -> None:
        if self._is_open:
            self._open()
        else:
            self.set_timer(UNASKED_SECONDS, self._open)

    def _open(self) -> None:
        self._is_open = True
        self.query_one(OptionList).focus()

    def on_key(self, event: events.Key) -> None:
        if not self._is_open:
            event.stop()
            return
        answer = self._answers.get(event.character or event.key)
        if answer is not None:
            event.stop()
            self.dismiss(answer[1])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(list(self._answers.values())[event.option_index][1])
