"""The pictures of a folder, each with the job that made it."""

from __future__ import annotations

import os
import sys
import webbrowser
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from promptkit.document import read
from promptkit.errors import PromptkitError
from promptkit.job import Record, read_record
from promptkit.session.outline import rows
from promptkit.session.session import Session
from promptkit.tui.screens.answering import AnsweringScreen
from promptkit.tui.widgets.keyline import KeyLine
from promptkit.tui.widgets.picture import Decoded, PictureView
from promptkit.tui.widgets.raster import shortened
from promptkit.tui.widgets.topbar import heading

MOST: Final = 500
WATCH_SECONDS: Final = 2.0
_TITLE: Final = 60
"""Cells of a line of the caption."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture and its record."""

    path: Path
    record: Record


@dataclass(frozen=True, slots=True)
class Back:
    """What the user wants of a picture: its caption in the editor, or only its seed."""

    shot: Shot
    seed_only: bool = False


@dataclass
class Found(Message):
    """A worker has looked through the folder."""

    shots: list[Shot]


class Shots(OptionList):
    """The list of pictures."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "Its caption")]


class GalleryScreen(AnsweringScreen[Back | None]):
    """Newest first."""

    HELP = """\
Pictures of this folder that carry their job. Enter opens the caption that made one, s takes its
seed, c keeps it on the left to compare it with others, o opens it in the system's viewer.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "seed", "Reuse seed"),
        Binding("c", "compare", "Compare"),
        Binding("o", "view", "Viewer"),
        Binding("escape", "cancel", "Back"),
        Binding("f1,question_mark", "app.help", "Help"),
    ]

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self.shots: list[Shot] = []
        self.kept: Shot | None = None
        self._files: list[tuple[Path, int]] | None = None

    def compose(self) -> ComposeResult:
        yield Static(heading(f"gallery of {self._folder}"), id="topbar")
        with Horizontal():
            with Vertical(id="gallery-left"):
                yield Shots(id="shots")
                yield Static("", id="shot-about")
            yield PictureView(id="kept")
            yield PictureView(id="picture")
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one("#kept").display = False
        shots = self.query_one("#shots", OptionList)
        shots.border_title = "Pictures"
        shots.focus()
        self._look()
        self.set_interval(WATCH_SECONDS, self._look)

    @property
    def current(self) -> Shot | None:
        """The picture under the cursor."""
        index = self.query_one("#shots", OptionList).highlighted
        return self.shots[index] if index is not None and index < len(self.shots) else None

    @on(Found)
    def _found(self, message: Found) -> None:
        current = self.current
        self.shots = message.shots
        options = self.query_one("#shots", OptionList)
        options.border_title = f"Pictures · {len(self.shots)}"
        options.clear_options()
        options.add_options([Option(Text(shot.path.name)) for shot in self.shots])
        if self.shots:
            # A picture that comes in does not take the place of the one that is looked at.
            options.highlighted = self.shots.index(current) if current in self.shots else 0
        else:
            words = "No picture here says how it was made. ctrl+r in the editor makes one."
            self.query_one("#shot-about", Static).update(words)

    @on(OptionList.OptionHighlighted)
    def _highlighted(self) -> None:
        shot = self.current
        if shot is not None:
            self.query_one("#shot-about", Static).update(about(shot))
            self._show("#picture", shot)

    @on(OptionList.OptionSelected)
    def action_caption(self) -> None:
        """Back to what made it."""
        if self.current is not None:
            self.dismiss(Back(self.current))

    def action_seed(self) -> None:
        if self.current is not None:
            self.dismiss(Back(self.current, seed_only=True))

    def action_compare(self) -> None:
        self.kept = None if self.kept is self.current else self.current
        self.query_one("#kept").display = self.kept is not None
        if self.kept is not None:
            self._show("#kept", self.kept)

    def action_view(self) -> None:
        if self.current is None:
            return
        path = self.current.path.resolve()
        if has_desktop():
            webbrowser.open(path.as_uri())
        else:
            self.notify(f"there is no desktop to open it on; it is {path}", severity="warning")

    def action_cancel(self) -> None:
        self.dismiss(None)

    @work(thread=True, exclusive=True)
    def _look(self) -> None:
        """Tell what is in the folder, if that is not what was told last."""
        files = newest(self._folder)
        if files == self._files:
            return
        shots = []
        for path, _ in files:
            try:
                shots.append(Shot(path, read_record(path)))
            except PromptkitError:
                continue  # another program's picture, or half of one
        if not get_current_worker().is_cancelled:
            self._files = files
            self.post_message(Found(shots))

    def _show(self, place: str, shot: Shot) -> None:
        view = self.query_one(place, PictureView)
        view.border_title = Text(f"{shot.path.name} · seed {shot.record.seed}")
        view.decode(shot.path)

    @on(Decoded)
    def _decoded(self, message: Decoded) -> None:
        message.view.show(message.image)
        if message.problem:
            self.notify(message.problem, severity="warning")


def has_desktop() -> bool:
    """Whether a window can be opened; without one a text browser would take over this terminal."""
    displays = ("DISPLAY", "WAYLAND_DISPLAY")
    return sys.platform in ("darwin", "win32") or any(map(os.environ.get, displays))


def newest(folder: Path) -> list[tuple[Path, int]]:
    """The folder's PNG files with their times in nanoseconds, the newest first."""
    found: list[tuple[Path, int]] = []
    for path in folder.glob("*.png"):
        with suppress(OSError):  # gone again, or a link to nothing
            found.append((path, path.stat().st_mtime_ns))
    return sorted(found, key=lambda each: each[1], reverse=True)[:MOST]


def about(shot: Shot) -> Text:
    """How a picture was made and what its caption says."""
    record, job = shot.record, shot.record.job
    how = job.preset or f"{job.num_inference_steps} steps, cfg {job.cfg_scale:g}"
    text = Text()
    text.append(f"{job.width}x{job.height} · {how}\n")
    text.append(f"seed {record.seed} · {record.made_by.model}\n\n", "dim")
    session = Session(job.prompt)
    for row in rows(session)[:12] if read(job.prompt).captions else ():
        text.append(f"{shortened(row.title, _TITLE)}\n", "dim" if row.element is not None else "")
    return text
