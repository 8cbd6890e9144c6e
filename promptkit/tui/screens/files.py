"""Choose a file: to open one, or to name the one to save to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Final

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from promptkit.files import shown_path, typed_path
from promptkit.tui.screens.dialog import Dialog

MOST: Final = 200
"""Files that are listed."""


class FileScreen(Dialog[Path]):
    """A path to type, and the files that begin like it below; recent ones first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "list", "Files", show=False),
        Binding("tab", "complete", "Complete", show=False, priority=True),
    ]

    def __init__(
        self, heading: str, *, start: str = "", recent: Sequence[Path] = (), suffix: str = ".json"
    ) -> None:
        super().__init__()
        self._heading = heading
        self._start = start
        self._recent = list(recent)
        self._suffix = suffix
        self._offered: list[Path] = []

    @property
    def heading(self) -> str:
        return self._heading

    def parts(self) -> ComposeResult:
        yield Input(self._start, placeholder="path of a caption", id="path")
        yield OptionList()
        yield Static("Tab completes · ↓ goes to the files · Enter takes it", classes="hint")

    def on_mount(self) -> None:
        self.query_one(Input).focus()
        self._offer(self._start)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._offer(event.value)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self._take(typed_path(event.value))

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self._take(self._offered[event.option_index])

    def action_list(self) -> None:
        if self._offered:
            files = self.query_one(OptionList)
            files.highlighted = files.highlighted or 0
            files.focus()

    def action_complete(self) -> None:
        if self._offered:
            first = self._offered[0]
            field = self.query_one(Input)
            field.value = shown_path(first) + ("/" if first.is_dir() else "")
            field.cursor_position = len(field.value)
            field.focus()

    def _take(self, path: Path) -> None:
        if path.is_dir():
            field = self.query_one(Input)
            field.value = f"{shown_path(path)}/"
            field.focus()
            field.cursor_position = len(field.value)
        else:
            self.dismiss(path)

    def _offer(self, typed: str) -> None:
        self._offered = self._matches(typed)
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(self._line(path)) for path in self._offered])

    def _matches(self, typed: str) -> list[Path]:
        path = typed_path(typed or ".")
        is_folder = not typed or typed.endswith("/")
        folder, begin = (path, "") if is_folder else (path.parent, path.name)
        try:
            entries = sorted(folder.iterdir())
        except OSError:
            entries = []
        found = [
            each
            for each in entries
            if each.name.startswith(begin)
            and not each.name.startswith(".")
            and (each.suffix == self._suffix or each.is_dir())
        ]
        recent = [] if typed else self._recent
        return [*recent, *found][:MOST]

    def _line(self, path: Path) -> Text:
        text = Text(shown_path(path) + ("/" if path.is_dir() else ""))
        if path in self._recent:
            text.append("  recent", "dim")
        return text
