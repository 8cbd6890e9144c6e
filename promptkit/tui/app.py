"""The application: its screens and keys, how it starts and how it ends."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from promptkit.tui.keys import leading
from promptkit.tui.pictures import PictureApp
from promptkit.tui.screens.compose import ComposeScreen
from promptkit.tui.widgets.canvas import Canvas
from promptkit.tui.widgets.outline import Outline

if TYPE_CHECKING:
    from promptkit.tui.screens.help import Section

WATCH_SECONDS: Final = 2.0
SETTLE_SECONDS: Final = 1.0
"""By then all that the first sight can do without has been loaded too."""


class ComposeApp(PictureApp):
    """Compose a caption, see it, make pictures of it."""

    CSS_PATH = "app.tcss"
    TITLE = "promptkit compose"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-medium"), (160, "-wide")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "quit", "Quit", priority=True)]

    def get_default_screen(self) -> ComposeScreen:
        return ComposeScreen(self.session)

    def on_mount(self) -> None:
        self.set_interval(WATCH_SECONDS, self.watch_file)
        loop = asyncio.get_running_loop()
        for name in ("SIGHUP", "SIGTERM"):
            number = getattr(signal, name, None)
            if number is not None:
                with suppress(NotImplementedError, RuntimeError, ValueError):
                    loop.add_signal_handler(number, self.end_now, number)
        self.welcome()
        self.set_timer(SETTLE_SECONDS, freeze_garbage)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Everything that has a key, and themes."""
        yield from super().get_system_commands(screen)
        if not isinstance(screen, ComposeScreen):
            return
        from promptkit.tui.screens.help import keys_of  # noqa: PLC0415 - after first paint

        for (name, bindings), target in zip(
            sections(), (screen, screen.canvas, screen.outline, screen.findings), strict=False
        ):
            for binding in bindings:
                if isinstance(binding, Binding) and target is not screen.outline:
                    run = partial(self.run_action, binding.action, target)
                    title = binding.tooltip or binding.description
                    yield SystemCommand(title, f"{name}: {keys_of(binding)}", run)

    def action_help(self) -> None:
        from promptkit.tui.screens.gallery import GalleryScreen, Shots  # noqa: PLC0415 - Pillow
        from promptkit.tui.screens.generate import GenerateScreen  # noqa: PLC0415
        from promptkit.tui.screens.help import HelpScreen  # noqa: PLC0415
        from promptkit.tui.screens.shelf import ShelfScreen  # noqa: PLC0415
        from promptkit.tui.screens.variants import VariantCell, VariantsScreen  # noqa: PLC0415

        others: dict[type[Screen[Any]], Section] = {
            ShelfScreen: ("Templates", ShelfScreen.BINDINGS),
            VariantsScreen: ("Variants", [*VariantsScreen.BINDINGS, *VariantCell.BINDINGS]),
            GenerateScreen: ("Generate", GenerateScreen.BINDINGS),
            GalleryScreen: ("Gallery", [*Shots.BINDINGS, *GalleryScreen.BINDINGS]),
        }
        # First the keys of where one is.
        own = others.pop(type(self.screen), None)
        found = [*([own] if own else []), *sections(), *others.values()]
        self.push_screen(HelpScreen(self.screen.focused, found))

    @leading
    @work
    async def action_jump(self) -> None:
        from promptkit.tui.screens.jump import JumpScreen  # noqa: PLC0415

        screen = self.screen
        if not isinstance(screen, ComposeScreen):
            return
        panes = {
            "o": screen.outline, "l": screen.canvas, "i": screen.inspector,
            "j": screen.json, "f": screen.findings,
        }  # fmt: skip
        seen = {letter: pane for letter, pane in panes.items() if pane.region.area}
        letter = await self.push_screen_wait(JumpScreen(seen))
        if letter == "i":
            screen.inspector.focus_field("")
        elif letter is not None:
            panes[letter].focus()


def sections() -> tuple[Section, ...]:
    """The keys of the compose screen, pane by pane."""
    from promptkit.tui.widgets.findings import FindingsList  # noqa: PLC0415 - after first paint

    return (
        ("Everywhere", ComposeScreen.BINDINGS),
        ("Layout", Canvas.BINDINGS),
        ("Outline", Outline.BINDINGS),
        ("Findings", FindingsList.BINDINGS),
    )


def freeze_garbage() -> None:
    """Keep the garbage collector away from what lives as long as the program.

    Without this it walks all widgets and rules again and again while one types: with 60 elements
    the 95th percentile of a key press rises from 40 to over 120 ms. Every key leaves a tree of
    some thousand objects behind; they are collected a few at a time, and the rest in a pause.
    """
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 2, 100)
