"""Many variants of a template side by side, before they are written."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar, Final

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, ItemGrid, Vertical, VerticalScroll
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from promptkit.canonical import pretty
from promptkit.document import read
from promptkit.errors import PromptkitError, UsageError
from promptkit.files import typed_path
from promptkit.geometry import Size
from promptkit.lint import Severity
from promptkit.session import Session
from promptkit.templating import Template, Variant
from promptkit.templating.manifest import MANIFEST, write_variants
from promptkit.tui.keys import leading
from promptkit.tui.orders import Subject, Wanted
from promptkit.tui.screens.answering import AnsweringScreen
from promptkit.tui.screens.choice import ChoiceScreen
from promptkit.tui.variants import Made, Mode, Request, Wrote, varied_in
from promptkit.tui.widgets.keyline import KeyLine
from promptkit.tui.widgets.layout import LayoutView
from promptkit.tui.widgets.topbar import heading
from promptkit.tui.widgets.variable import alternatives, as_text

SHOWN: Final = 48
"""Variants that are drawn; what is written is all of them."""
_DIGITS: Final = 18
"""Of a number; Python refuses to read thousands of them."""
_FIELDS: Final = (
    ("draw", "Draw", "how many"),
    ("seed", "Seed", "0"),
    ("table", "Table", "CSV, YAML or JSON"),
    ("folder", "Folder", "where to write"),
)


class VariantCell(LayoutView, can_focus=True):
    """One variant's layout, with what tells it from the others."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.take", "Edit this one"),
        Binding("left", "screen.step(-1)", "Previous", show=False),
        Binding("right", "screen.step(1)", "Next", show=False),
        Binding("up", "screen.row(-1)", "Above", show=False),
        Binding("down", "screen.row(1)", "Below", show=False),
    ]

    def __init__(self, variant: Variant, differing: Collection[str]) -> None:
        super().__init__(Session(variant.prompt, size=variant.size))
        self.variant = variant
        words = " · ".join(as_text(variant.values[name]) for name in differing)
        severities = {found.finding.severity for found in variant.findings}
        sign = (
            "✗" if Severity.ERROR in severities else "▲" if Severity.WARNING in severities else ""
        )
        self.border_title = Text(f"{sign} {variant.number}".strip())
        self.border_subtitle = Text(words)


class VariantsScreen(AnsweringScreen[Session | None]):
    """Answers with the variant to edit."""

    HELP = """\
Variants of the template. Each variable is drawn at random, taken in every one of its values, or
fixed as it is in the form: Space changes which. ctrl+r draws others, Enter on a variant takes it
into the editor, ctrl+s writes all of them into the folder with a manifest of what made each, and
ctrl+e makes a picture of each there.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "write", "Write all", priority=True),
        Binding("ctrl+r", "draw", "Draw others", priority=True),
        Binding("ctrl+e", "generate", "Generate", priority=True),
        Binding("escape", "back", "Back"),
        Binding("f1", "app.help", "Help"),
    ]

    def __init__(
        self, template: Template, values: Mapping[str, Any], chosen: Collection[str], folder: Path
    ) -> None:
        super().__init__()
        self._template = template
        self._values = values
        self._folder = folder
        self.modes: dict[str, Mode] = {
            name: Mode.FIXED if name in chosen else Mode.DRAWN
            for name in values
            if alternatives(template, name)
        }
        self._requests = 0
        self.cells: list[VariantCell] = []

    def compose(self) -> ComposeResult:
        name = self._template.source.name
        yield Static(heading(f"variants of {name}"), id="topbar")
        with Horizontal():
            with Vertical(id="variants-left"):
                with Vertical(id="variants-parameters"):
                    for key, title, hint in _FIELDS:
                        with Horizontal(classes="parameter"):
                            yield Static(title, classes="parameter-name")
                            yield Input(self._first(key), placeholder=hint, id=key, compact=True)
                yield OptionList(*(Option(self._line(name)) for name in self.modes), id="modes")
                yield Static("", id="variants-note")
            with VerticalScroll(id="variants", can_focus=False):
                yield ItemGrid(min_column_width=22, regular=True)
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one("#variants-parameters").border_title = "Variants"
        modes = self.query_one("#modes")
        modes.border_title = "Variables"
        modes.border_subtitle = "Space: drawn, all, fixed"
        self.query_one("#draw", Input).focus()
        self._ask()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        if event.input.id != "folder":
            self._ask()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        if self.cells:
            self.cells[0].focus()

    @on(OptionList.OptionSelected)
    def _turned(self, event: OptionList.OptionSelected) -> None:
        """Another mode for a variable."""
        name = list(self.modes)[event.option_index]
        every = list(Mode)
        self.modes[name] = every[(every.index(self.modes[name]) + 1) % len(every)]
        event.option_list.replace_option_prompt_at_index(event.option_index, self._line(name))
        self._ask()

    def on_key(self, event: Any) -> None:
        """Space changes a mode too."""
        modes = self.query_one("#modes", OptionList)
        if event.key == "space" and modes.has_focus:
            event.stop()
            modes.action_select()

    def action_back(self) -> None:
        self.dismiss(None)

    def action_draw(self) -> None:
        seed = self.query_one("#seed", Input)
        with suppress(UsageError):  # which the note tells already
            seed.value = str(_whole(seed.value.strip() or "0", "seed", 0) + 1)

    def action_take(self) -> None:
        """Take the variant with the focus into the editor."""
        cell = self.focused
        if isinstance(cell, VariantCell):
            text = pretty(read(cell.variant.prompt)) + "\n"
            self.dismiss(Session(text, size=Size(*cell.variant.size)))

    def action_step(self, step: int) -> None:
        if isinstance(self.focused, VariantCell):
            place = self.cells.index(self.focused) + step
            if 0 <= place < len(self.cells):
                self.cells[place].focus()

    def action_row(self, rows: int) -> None:
        """The variant above or below."""
        first = self.cells[0].region.y
        columns = sum(cell.region.y == first for cell in self.cells)
        self.action_step(rows * max(columns, 1))

    def action_generate(self) -> None:
        """Make pictures of those that are shown, in the folder that they would be written to."""
        if self.cells:
            captions = [(cell.variant.name, cell.variant.prompt) for cell in self.cells]
            folder = typed_path(self._value("folder") or ".")
            self.post_message(Wanted(Subject(captions, self.cells[0].variant.size, folder)))

    @leading
    @work
    async def action_write(self) -> None:
        """Write all that is asked for, after asking where something is there already."""
        request = self._request()
        folder = typed_path(self._value("folder") or ".")
        if request is None:
            return
        if (folder / MANIFEST).exists():
            answers = {"w": ("Write into it all the same", True), "c": ("Cancel", False)}
            question = f"{folder} holds variants already; those of the same name are replaced."
            if not await self.app.push_screen_wait(ChoiceScreen("Variants", question, answers)):
                return
        self._write(request, folder)

    @on(Made)
    async def _made(self, message: Made) -> None:
        if message.number != self._requests:
            return
        grid = self.query_one(ItemGrid)
        with self.app.batch_update():
            if message.problem:
                self._note(message.problem, "red")
                return
            differing = varied_in(message.variants)
            await grid.remove_children()
            self.cells = [VariantCell(variant, differing) for variant in message.variants]
            await grid.mount_all(self.cells)
        wrong = sum(bool(variant.findings) for variant in message.variants)
        shown = f", the first {len(self.cells)} shown" if message.total > len(self.cells) else ""
        found = f"{wrong} of them with findings" if wrong else "nothing wrong with them"
        self._note(f"{message.total} variants{shown}; {found}", "yellow" if wrong else "dim")

    @on(Wrote)
    def _wrote(self, message: Wrote) -> None:
        if message.problem:
            self._note(message.problem, "red")
            return
        made = f"{message.variants} variants in {message.files} files"
        self.notify(f"{made}; see {message.folder / MANIFEST}")

    def _first(self, key: str) -> str:
        return {
            "draw": "6",
            "seed": "0",
            "folder": f"{self._template.source.name}-variants",
        }.get(key, "")

    def _value(self, key: str) -> str:
        return self.query_one(f"#{key}", Input).value.strip()

    def _line(self, name: str) -> Text:
        mode = self.modes[name]
        number = len(alternatives(self._template, name))
        about = self._values[name] if mode is Mode.FIXED else f"{mode} {number}"
        text = Text(no_wrap=True, overflow="ellipsis")
        text.append(f"{name}  ", "bold")
        return text.append(str(about), "" if mode is Mode.FIXED else "green")

    def _ask(self) -> None:
        request = self._request()
        if request is not None:
            self._requests += 1
            self._make(request, self._requests)

    def _request(self) -> Request | None:
        """What is asked for; None, with a note, where it cannot be meant."""
        try:
            return Request(
                self._template,
                self._values,
                self.modes,
                sample=_whole(self._value("draw") or "1", "draw", 1),
                seed=_whole(self._value("seed") or "0", "seed", 0),
                table=typed_path(self._value("table")) if self._value("table") else None,
            )
        except UsageError as error:
            self._note(str(error), "red")
            return None

    def _note(self, words: str, style: str) -> None:
        self.query_one("#variants-note", Static).update(Text(words, style))

    @work(thread=True, exclusive=True, group="variants")
    def _make(self, request: Request, number: int) -> None:
        made: list[Variant] = []
        try:
            total = request.plan().count()
            for variant in request.variants(SHOWN):
                if get_current_worker().is_cancelled:
                    return
                made.append(variant)
        except PromptkitError as error:
            self.post_message(Made(number, [], 0, str(error)))
            return
        self.post_message(Made(number, made, total))

    @work(thread=True, exclusive=True, group="writing")
    def _write(self, request: Request, folder: Path) -> None:
        variants = files = 0
        try:
            for written in write_variants(request.variants(), folder, indent=2):
                variants += 1
                files += written.same_as is None
        except PromptkitError as error:
            self.post_message(Wrote(0, 0, folder, str(error)))
            return
        self.post_message(Wrote(variants, files, folder))


def _whole(text: str, name: str, least: int) -> int:
    if not text.isdecimal() or len(text) > _DIGITS or int(text) < least:
        raise UsageError(f"{name} {text}: write a whole number from {least}")
    return int(text)
