"""The application: which caption is open, its file, and what must never be lost."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import ClassVar, Final

from textual import on, work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.timer import Timer

from promptkit.canonical import canonical, pretty
from promptkit.document import read
from promptkit.errors import PromptkitError
from promptkit.geometry import Size
from promptkit.lint import Severity
from promptkit.session import (
    ChangedOnDiskError,
    Session,
    new_session,
    open_session,
    recovered_session,
    reload,
    save,
)
from promptkit.session.recovery import Recovery, forget, keep, orphans, recent, remember
from promptkit.session.starting import recovery_of
from promptkit.tui import messages
from promptkit.tui.screens.choice import ChoiceScreen
from promptkit.tui.screens.compose import ComposeScreen
from promptkit.tui.screens.files import FileScreen
from promptkit.tui.screens.gallery import GalleryScreen
from promptkit.tui.screens.generate import GenerateScreen
from promptkit.tui.screens.help import HelpScreen, Section
from promptkit.tui.screens.jump import JumpScreen
from promptkit.tui.screens.shelf import ShelfScreen
from promptkit.tui.studio import Finished, Place, Progress, Stopped, Studio
from promptkit.tui.widgets.canvas import Canvas
from promptkit.tui.widgets.findings import FindingsList
from promptkit.tui.widgets.outline import Outline

AUTOSAVE_SECONDS: Final = 1.0
WATCH_SECONDS: Final = 2.0
NOWHERE: Final = Place()
SECTIONS: Final[tuple[Section, ...]] = (
    ("Everywhere", ComposeScreen.BINDINGS),
    ("Layout", Canvas.BINDINGS),
    ("Outline", Outline.BINDINGS),
    ("Findings", FindingsList.BINDINGS),
    ("Templates", ShelfScreen.BINDINGS),
    ("Generate", GenerateScreen.BINDINGS),
    ("Gallery", GalleryScreen.BINDINGS),
)


class ComposeApp(App[None]):
    """One caption at a time."""

    CSS_PATH = "app.tcss"
    TITLE = "promptkit compose"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "quit", "Quit", priority=True)]

    def __init__(self, session: Session, state: Path, place: Place = NOWHERE) -> None:
        super().__init__()
        self.studio = Studio(place, self.post_message)
        self._pictures: GenerateScreen | None = None
        self.session = session
        self.state = state
        self._autosave: Timer | None = None
        self._told: tuple[str, int] | None = None

    def on_mount(self) -> None:
        self.push_screen(ComposeScreen(self.session))
        self.set_interval(WATCH_SECONDS, self._watch)
        loop = asyncio.get_running_loop()
        for name in ("SIGHUP", "SIGTERM"):
            number = getattr(signal, name, None)
            if number is not None:
                with suppress(NotImplementedError, RuntimeError, ValueError):
                    loop.add_signal_handler(number, self._end_now)
        self._welcome()
        self.call_after_refresh(settle)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Everything that has a key, and themes."""
        yield from super().get_system_commands(screen)
        if not isinstance(screen, ComposeScreen):
            return
        for (name, bindings), target in zip(
            SECTIONS, (screen, screen.canvas, screen.outline, screen.findings), strict=False
        ):
            for binding in bindings:
                if isinstance(binding, Binding) and target is not screen.outline:
                    run = partial(self.run_action, binding.action, target)
                    yield SystemCommand(binding.description, f"{name}: {binding.key}", run)

    @on(messages.Edited)
    def _edited(self) -> None:
        if self._autosave is None:
            self._autosave = self.set_timer(AUTOSAVE_SECONDS, self._write_down)

    def rescue(self) -> None:
        """Write unsaved text down, or forget what was written when nothing is unsaved."""
        path = str(self.session.path) if self.session.path else None
        if self.session.dirty and self.session.history.past:
            keep(recovery_of(self.session, os.getpid()), self.state)
        else:
            forget(path, os.getpid(), self.state)

    def show(self, session: Session) -> None:
        """Open another caption in place of this one."""
        self._forget()
        self.session = session
        while not isinstance(self.screen, ComposeScreen):
            self.pop_screen()
        if self._pictures is not None:
            self.uninstall_screen(self._pictures)
            self._pictures = None
        self.switch_screen(ComposeScreen(session))
        if session.path is not None and session.path.exists():
            with suppress(PromptkitError, OSError):
                remember(session.path, self.state)

    @work
    async def action_save(self) -> None:
        await self._save()

    @work
    async def action_save_as(self) -> None:
        await self._save_as()

    @work
    async def action_open(self) -> None:
        if await self._may_leave():
            path = await self.push_screen_wait(FileScreen("Open", recent=recent(self.state)))
            if path is not None:
                try:
                    self.show(open_session(path))
                except (PromptkitError, OSError) as error:
                    self.notify(str(error), severity="error")

    @work
    async def action_new(self) -> None:
        if await self._may_leave():
            self.show(new_session(size=self.session.size, folder=Path.cwd()))

    @work
    async def action_quit(self) -> None:  # type: ignore[override]
        if await self._may_leave():
            self._forget()
            self.exit()

    def on_unmount(self) -> None:
        self.studio.close()

    @work
    async def action_templates(self) -> None:
        if not await self._may_leave():
            return
        made = await self.push_screen_wait(ShelfScreen(Path.cwd()))
        if made is not None:
            made.saved_text = ""
            self.show(made)

    def action_generate(self) -> None:
        self.open_generate()

    def open_generate(self, seed: int | None = None) -> None:
        """Go to the pictures, with the caption as it is now."""
        session = self.session
        try:
            prompt = canonical(session.current.document)
        except PromptkitError as error:
            self.notify(f"nothing to generate: {error}", severity="error")
            return
        if self._pictures is None:
            stem = session.path.stem if session.path else "picture"
            self._pictures = GenerateScreen(self.studio, prompt, session.size, self.folder, stem)
            self.install_screen(self._pictures, "generate")
        self._pictures.use(prompt, session.size, seed)
        if self.screen is not self._pictures:
            self.push_screen("generate")
            self._pictures.call_after_refresh(self._pictures.use, prompt, session.size, seed)
        errors = sum(each.severity is Severity.ERROR for each in session.findings)
        if errors:
            self.notify(f"the caption has {errors} errors; the picture may ignore parts of it")

    @work
    async def action_gallery(self) -> None:
        back = await self.push_screen_wait(GalleryScreen(self.folder))
        if back is None:
            return
        record = back.shot.record
        if back.seed_only:
            self.open_generate(record.seed)
            return
        if await self._may_leave():
            size = Size(record.job.width, record.job.height)
            text = readable(record.job.prompt)
            session = new_session(text, size=size, folder=self.folder)
            session.saved_text = ""
            self.show(session)

    @property
    def folder(self) -> Path:
        """Where this caption's pictures are."""
        return self.session.path.parent if self.session.path else Path.cwd()

    @on(Progress)
    def _progress(self, message: Progress) -> None:
        if self._pictures is not None:
            self._pictures.progress(message)

    @on(Finished)
    def _finished(self, message: Finished) -> None:
        if self._pictures is not None:
            self._pictures.finished(message)
            if self.screen is not self._pictures:
                self.notify(f"{message.order.path.name} is ready; ctrl+b shows it")

    @on(Stopped)
    def _stopped(self, message: Stopped) -> None:
        if self._pictures is not None:
            self._pictures.stopped(message)
            if message.problem:
                self.notify(message.problem, severity="error")

    def action_help(self) -> None:
        self.push_screen(HelpScreen(self.screen.focused, SECTIONS))

    @work
    async def action_jump(self) -> None:
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

    async def _save(self, path: Path | None = None) -> bool:
        """Save, asking where something stands in the way; whether it is saved."""
        if path is None and self.session.path is None:
            return await self._save_as()
        old = str(self.session.path) if self.session.path else None
        try:
            saved = save(self.session, path)
        except ChangedOnDiskError as error:
            if not await self._overwrite(str(error)):
                return False
            saved = save(self.session, path, overwrite=True)
        except (PromptkitError, OSError) as error:
            self.notify(str(error), severity="error")
            return False
        forget(old, os.getpid(), self.state)
        with suppress(PromptkitError, OSError):
            remember(saved, self.state)
        if isinstance(self.screen, ComposeScreen):
            self.screen.top.sync()
        self.notify(f"saved {saved.name}")
        return True

    async def _save_as(self) -> bool:
        start = str(self.session.path or "caption.json")
        path = await self.push_screen_wait(FileScreen("Save as", start=start))
        return path is not None and await self._save(path)

    async def _overwrite(self, problem: str) -> bool:
        answers = {"o": ("Overwrite it", True), "c": ("Cancel", False)}
        return bool(await self.push_screen_wait(ChoiceScreen("Not saved", problem, answers)))

    async def _may_leave(self) -> bool:
        """Whether nothing would be lost, after asking."""
        if not (self.session.dirty and self.session.history.past):
            return True
        answers = {
            "s": ("Save", "save"),
            "d": ("Discard the changes", "discard"),
            "c": ("Cancel", ""),
        }
        question = "There are unsaved changes."
        answer = await self.push_screen_wait(ChoiceScreen("Unsaved", question, answers))
        return answer == "discard" or (answer == "save" and await self._save())

    @work
    async def _welcome(self) -> None:
        """Offer what a crash left behind; greet who comes for the first time."""
        path = str(self.session.path) if self.session.path else None
        left = [each for each in orphans(self.state) if each.path == path]
        if left:
            await self._offer(left[0])
        marker = self.state / "greeted"
        if not marker.exists():
            with suppress(OSError):
                self.state.mkdir(parents=True, exist_ok=True)
                marker.touch()
            hint = "a adds an object, t a text · Enter edits · ? shows every key · ctrl+p finds any"
            self.notify(hint, title="Welcome", timeout=12)

    async def _offer(self, recovery: Recovery) -> None:
        answers = {
            "r": ("Recover them", "recover"),
            "d": ("Throw them away", "discard"),
            "l": ("Later", ""),
        }
        question = "The last editor ended without saving its changes."
        answer = await self.push_screen_wait(ChoiceScreen("Recovery", question, answers))
        if answer == "recover":
            self.show(recovered_session(recovery))
            self.rescue()
        if answer:
            forget(recovery.path, recovery.process, self.state)

    @work(group="watch", exclusive=True)
    async def _watch(self) -> None:
        """Ask once for each change that someone else makes to the file."""
        disk = self.session.disk
        if disk is None or not disk.changed or not isinstance(self.screen, ComposeScreen):
            return
        change = (str(disk.path), disk.path.stat().st_mtime_ns)
        if change == self._told:
            return
        self._told = change
        answers = {
            "r": ("Take the file's text (undo brings yours back)", True),
            "k": ("Keep mine", False),
        }
        question = f"{disk.path.name} has been changed by another program."
        if await self.push_screen_wait(ChoiceScreen("Changed on disk", question, answers)):
            try:
                reload(self.session)
            except (PromptkitError, OSError) as error:
                self.notify(str(error), severity="error")
            if isinstance(self.screen, ComposeScreen):
                self.screen.post_message(messages.Edited())

    def _write_down(self) -> None:
        self._autosave = None
        try:
            self.rescue()
        except (PromptkitError, OSError) as error:
            self.notify(f"unsaved text could not be kept: {error}", severity="warning")

    def _forget(self) -> None:
        path = str(self.session.path) if self.session.path else None
        forget(path, os.getpid(), self.state)

    def _end_now(self) -> None:
        """The terminal is gone: keep everything and end."""
        self.rescue()
        self.exit()


def readable(prompt: str) -> str:
    """A caption laid out for people; what is none stays as it is."""
    try:
        return pretty(read(prompt)) + "\n"
    except PromptkitError:
        return prompt


def settle() -> None:
    """Keep the garbage collector away from what lives as long as the program.

    Without this it walks all widgets and rules again and again while one types: with 60 elements
    the 95th percentile of a key press rises from 40 to over 120 ms.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
