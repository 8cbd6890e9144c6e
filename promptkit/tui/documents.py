"""The open caption and its file: saving, leaving, recovering, and changes by others."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Final

from textual import events, on, work
from textual.notifications import Notification, Notify
from textual.timer import Timer
from textual.worker import get_current_worker

from promptkit.errors import PromptkitError
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
from promptkit.tui.keys import OrderedKeys, leading
from promptkit.tui.screens.choice import ChoiceScreen
from promptkit.tui.screens.compose import ComposeScreen
from promptkit.tui.settling import settle

AUTOSAVE_SECONDS: Final = 1.0
"""Unsaved text is on the disk so long after a change at the latest."""


class DocumentApp(OrderedKeys):
    """An application that has one caption open; nothing of it is ever lost silently."""

    def __init__(self, session: Session, state: Path) -> None:
        super().__init__()
        self.session = session
        self.state = state
        self.is_left = False
        """Whether the user has left, and so saved or given up what there was."""
        self._autosave: Timer | None = None
        self._told: tuple[str, int] | None = None
        self._welcome: Notification | None = None
        """What greets who has pressed no key yet."""

    @on(messages.Edited)
    def _edited(self) -> None:
        if self._autosave is None:
            self._autosave = self.set_timer(AUTOSAVE_SECONDS, self._write_down)

    async def on_event(self, event: events.Event) -> None:
        if self._welcome is not None and isinstance(event, (events.Key, events.MouseDown)):
            # It lies over the keys of the line below and the end of a form.
            self._unnotify(self._welcome)
            self._welcome = None
        await super().on_event(event)

    def on_notify(self, event: Notify) -> None:
        """Words as they are, brackets too; told again, they take the place of the same ones."""
        new = event.notification
        new.markup = False
        for shown in list(self._notifications):
            if (shown.message, shown.title) == (new.message, new.title):
                self._unnotify(shown, refresh=False)

    def rescue(self) -> None:
        """Write unsaved text down, or forget what was written when nothing is unsaved."""
        path = str(self.session.path) if self.session.path else None
        if self.session.unsaved:
            keep(recovery_of(self.session, os.getpid()), self.state)
        else:
            forget(path, os.getpid(), self.state)

    @property
    def is_ready(self) -> bool:
        screen = self.screen
        return screen.is_complete if isinstance(screen, ComposeScreen) else True

    def show(self, session: Session) -> None:
        """Open another caption in place of this one."""
        self._forget()
        self.session = session
        while not isinstance(self.screen, ComposeScreen):
            self.pop_screen()
        screen = ComposeScreen(session)
        if len(self.screen_stack) > 1:
            self.switch_screen(screen)
        else:
            # The screen that an application begins with cannot be taken off.
            self.push_screen(screen)
        if session.path is not None and session.path.exists():
            with suppress(PromptkitError, OSError):
                remember(session.path, self.state)

    @leading
    @work
    async def action_save(self) -> None:
        await settle(self.screen)
        await self._save()

    @leading
    @work
    async def action_save_as(self) -> None:
        await settle(self.screen)
        await self._save_as()

    @leading
    @work
    async def action_open(self) -> None:
        from promptkit.tui.screens.files import FileScreen  # noqa: PLC0415 - after first paint

        if await self.may_leave():
            path = await self.push_screen_wait(FileScreen("Open", recent=recent(self.state)))
            if path is not None:
                try:
                    self.show(open_session(path))
                except (PromptkitError, OSError) as error:
                    self.notify(str(error), severity="error")

    @leading
    @work
    async def action_new(self) -> None:
        if await self.may_leave():
            self.show(new_session(size=self.session.size, folder=Path.cwd()))

    @leading
    @work
    async def action_quit(self) -> None:  # type: ignore[override]
        if isinstance(self.screen, ChoiceScreen):
            return  # it asks already
        if await self.may_stop() and await self.may_leave():
            self._forget()
            self.is_left = True
            self.exit()

    async def may_stop(self) -> bool:
        """Whether nothing is under way that would end with the editor, after asking."""
        return True

    async def _save(self, path: Path | None = None) -> bool:
        """Save, asking where something stands in the way; whether it is saved."""
        if path is None and self.session.path is None:
            return await self._save_as()
        old = str(self.session.path) if self.session.path else None
        try:
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
        from promptkit.tui.screens.files import FileScreen  # noqa: PLC0415 - after first paint

        start = str(self.session.path or "caption.json")
        path = await self.push_screen_wait(FileScreen("Save as", start=start))
        return path is not None and await self._save(path)

    async def _overwrite(self, problem: str) -> bool:
        answers = {"o": ("Overwrite it", True), "c": ("Cancel", False)}
        return bool(await self.push_screen_wait(ChoiceScreen("Not saved", problem, answers)))

    async def may_leave(self) -> bool:
        """Whether nothing would be lost, after asking; called by a worker."""
        self.lead(get_current_worker())  # the question may be its second screen
        await settle(self.screen)
        if isinstance(self.screen, ChoiceScreen):
            return False  # the same key, pressed twice, waited beside this one and asks already
        if not self.session.unsaved:
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
    async def welcome(self) -> None:
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
            self._welcome = Notification(hint, "Welcome", timeout=12)
            self.post_message(Notify(self._welcome))

    async def _offer(self, recovery: Recovery) -> None:
        answers = {
            "r": ("Recover them", "recover"),
            "d": ("Throw them away", "discard"),
            "l": ("Later", ""),
        }
        question = "The last editor ended without saving its changes."
        screen = ChoiceScreen("Recovery", question, answers, unasked=True)
        answer = await self.push_screen_wait(screen)
        if answer == "recover":
            try:
                self.show(recovered_session(recovery))
                # What was left behind goes only when it is written down anew.
                self.rescue()
            except (PromptkitError, OSError, ValueError) as error:
                self.notify(f"not recovered, but kept: {error}", severity="error")
                return
        if answer:
            forget(recovery.path, recovery.process, self.state)

    @work
    async def watch_file(self) -> None:
        """Ask once for each change that someone else makes to the file."""
        disk = self.session.disk
        # While a question stands, the screen is another: nothing is asked twice.
        if disk is None or not disk.changed or not isinstance(self.screen, ComposeScreen):
            return
        try:
            change = (str(disk.path), disk.path.stat().st_mtime_ns)
        except OSError:
            return  # it has just been taken away, which is no change
        if change == self._told:
            return
        self._told = change
        answers = {
            "r": ("Take the file's text (undo brings yours back)", True),
            "k": ("Keep mine", False),
        }
        question = f"{disk.path.name} has been changed by another program."
        screen = ChoiceScreen("Changed on disk", question, answers, unasked=True)
        if await self.push_screen_wait(screen):
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

    def end_now(self, number: signal.Signals) -> None:
        """Keep everything and end, as a signal asks."""
        try:
            self.rescue()
        finally:
            if number == signal.SIGTERM:
                self.exit()
            else:
                # The terminal is gone: whoever would still restore it could wait for ever.
                signal.signal(number, signal.SIG_DFL)
                os.kill(os.getpid(), number)
