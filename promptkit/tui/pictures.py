"""Templates, generation and the gallery: how captions come in and pictures go out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual import on, work

from promptkit.canonical import canonical, pretty
from promptkit.document import read
from promptkit.errors import PromptkitError
from promptkit.geometry import Size
from promptkit.lint import Severity
from promptkit.session import Session, new_session
from promptkit.tui.documents import DocumentApp
from promptkit.tui.keys import leading
from promptkit.tui.messages import Edited
from promptkit.tui.orders import (
    Finished,
    Opened,
    Place,
    Progress,
    Starting,
    Stopped,
    Subject,
    Wanted,
)
from promptkit.tui.screens.choice import ChoiceScreen
from promptkit.tui.settling import settle

if TYPE_CHECKING:
    from promptkit.tui.screens.generate import GenerateScreen
    from promptkit.tui.studio import Studio

ANYWHERE: Final = Place()


class PictureApp(DocumentApp):
    """An application that makes pictures of its caption."""

    def __init__(self, session: Session, state: Path, place: Place = ANYWHERE) -> None:
        super().__init__(session, state)
        self._place = place
        self._studio: Studio | None = None
        self._pictures: GenerateScreen | None = None

    def on_unmount(self) -> None:
        if self._studio is not None:
            self._studio.close()

    async def may_stop(self) -> bool:
        count = self._studio.pending if self._studio is not None else 0
        if not count:
            return True
        answers = {"q": ("Cancel them and quit", True), "s": ("Stay", False)}
        question = f"Pictures that are still to be made: {count}."
        return bool(await self.push_screen_wait(ChoiceScreen("Generating", question, answers)))

    @leading
    @work
    async def action_templates(self) -> None:
        if not await self.may_leave():
            return
        from promptkit.tui.screens.shelf import ShelfScreen  # noqa: PLC0415 - it loads Jinja

        made = await self.push_screen_wait(ShelfScreen(Path.cwd()))
        if made is not None:
            # A step from the blank caption, as it was filled in by hand: leaving asks for it.
            begun = new_session(size=made.size, folder=Path.cwd())
            begun.replace_text(made.text, "template")
            self.show(begun)
            self.post_message(Edited())

    @leading
    @work
    async def action_generate(self) -> None:
        await settle(self.screen)
        self.open_generate()

    def open_generate(self, seed: int | None = None) -> None:
        """Go to the pictures, with the caption as it is now."""
        session = self.session
        try:
            prompt = canonical(session.current.document)
        except PromptkitError as error:
            self.notify(f"nothing to generate: {error}", severity="error")
            return
        stem = session.path.stem if session.path else "picture"
        self._generate(Subject([(stem, prompt)], session.size, self.folder), seed)
        if any(each.severity is Severity.ERROR for each in session.findings):
            self.notify("the caption has errors; the picture may ignore parts of it")

    @on(Wanted)
    def _wanted(self, message: Wanted) -> None:
        self._generate(message.subject)

    def _generate(self, subject: Subject, seed: int | None = None) -> None:
        from promptkit.tui.screens.generate import GenerateScreen  # noqa: PLC0415 - loads Pillow
        from promptkit.tui.studio import Studio  # noqa: PLC0415

        if self._studio is None:
            self._studio = Studio(self._place, self.post_message)
        if self._pictures is None:
            self._pictures = GenerateScreen(self._studio, subject)
            self.install_screen(self._pictures, "generate")
        if self.screen is not self._pictures:
            self.push_screen("generate")
        self._pictures.use(subject, seed)

    @leading
    @work
    async def action_gallery(self) -> None:
        from promptkit.tui.screens.gallery import GalleryScreen  # noqa: PLC0415 - loads Pillow

        pictures = self._pictures
        is_there = pictures is not None and self.screen is pictures
        folder = pictures.subject.folder if pictures and is_there else self.folder
        back = await self.push_screen_wait(GalleryScreen(folder))
        if back is None:
            return
        record = back.shot.record
        if back.seed_only:
            if pictures is not None and is_there:
                pictures.use(pictures.subject, record.seed)
            else:
                self.open_generate(record.seed)
            return
        if await self.may_leave():
            size = Size(record.job.width, record.job.height)
            text = readable(record.job.prompt)
            session = new_session(text, size=size, folder=self.folder)
            session.saved_text = ""
            self.show(session)

    @property
    def folder(self) -> Path:
        """Where this caption's pictures are."""
        return self.session.path.parent if self.session.path else Path.cwd()

    @on(Starting)
    def _starting(self, message: Starting) -> None:
        if self._pictures is not None:
            self._pictures.starting(message)

    @on(Opened)
    def _opened(self, message: Opened) -> None:
        if self._pictures is not None:
            self._pictures.opened(message)

    @on(Progress)
    def _progress(self, message: Progress) -> None:
        if self._pictures is not None:
            problem = self._pictures.progress(message)
            if problem and self.screen is not self._pictures:
                self.notify(f"{message.order.path.name}: {problem}", severity="error")

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
            if self.screen is not self._pictures:
                self.notify(message.problem, severity="error")


def readable(prompt: str) -> str:
    """A caption laid out for people; what is none stays as it is."""
    try:
        return pretty(read(prompt)) + "\n"
    except PromptkitError:
        return prompt
