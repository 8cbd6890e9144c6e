"""Make pictures of the caption: parameters, the queue, the picture as it comes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import ClassVar, Final

from PIL import Image, ImageDraw
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from promptkit.color import readable_on
from promptkit.dispatch import Step
from promptkit.errors import PromptkitError, UsageError
from promptkit.files import reason
from promptkit.geometry import Size
from promptkit.job import Job
from promptkit.session import Session
from promptkit.tui.orders import Finished, Opened, Progress, Starting, Stopped, Subject
from promptkit.tui.queue import Row, Stage, summary
from promptkit.tui.studio import Studio, free_path
from promptkit.tui.widgets.keyline import KeyLine
from promptkit.tui.widgets.parameters import Parameters
from promptkit.tui.widgets.picture import Decoded, PictureView
from promptkit.tui.widgets.scene import items_of
from promptkit.tui.widgets.topbar import heading

MOST: Final = 64
"""Pictures of one order."""
REFRESH_SECONDS: Final = 0.1


class GenerateScreen(Screen[None]):
    """Lives as long as the application, so that its queue survives a look elsewhere."""

    HELP = """\
Pictures of this caption. Enter or ctrl+r starts; ↑ and ↓ in a line go through what is usual there.
Lines that you leave alone follow the model, if it says what it is best at.
The queue shows how far each picture is, the newest first: x gives the one under the cursor up,
ctrl+x all of them. Pictures are written beside the caption and carry their job.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+r", "start", "Generate", priority=True),
        Binding("ctrl+x", "cancel_all", "Cancel all", priority=True),
        Binding("ctrl+b", "app.gallery", "Gallery", priority=True),
        Binding("ctrl+l", "boxes", "Boxes", priority=True),
        Binding("x,delete", "cancel_one", "Cancel this picture", show=False),
        Binding("escape", "back", "Back"),
        Binding("f1", "app.help", "Help"),
    ]

    def __init__(self, studio: Studio, subject: Subject) -> None:
        super().__init__()
        self._studio = studio
        self.subject = subject
        self.rows: dict[int, Row] = {}
        self._shown: list[int] = []
        self._refreshing: Timer | None = None
        self._preview: tuple[bytes, Row] | None = None
        self._image: Image.Image | None = None
        self._drawn_for = ""
        self._file: Path | None = None
        """The file that is shown, or will be as soon as it is read; None while it is a preview."""
        self._boxes = True
        self._is_open = False

    def compose(self) -> ComposeResult:
        yield Static(heading(f"generate {self.subject.name}"), id="topbar")
        with Horizontal():
            with Vertical(id="generate-left"):
                yield Parameters(self.subject.size, id="parameters")
                with VerticalScroll(id="generate-problem"):
                    yield Static("")
                yield OptionList(id="queue")
            yield PictureView(id="picture")
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one("#picture").border_title = "Result"
        self.query_one("#seed", Input).focus()
        self._await_generator()
        self._refresh_queue()
        self.set_interval(1.0, self._tick)

    def use(self, subject: Subject, seed: int | None = None) -> None:
        """Take over another state of the caption, or a seed."""
        is_resized = subject.size != self.subject.size
        self.subject = subject
        if self.is_mounted:
            self._await_generator()
            self.query_one("#topbar", Static).update(heading(f"generate {subject.name}"))
            if is_resized:
                self._parameters.resize(subject.size)
            if seed is not None:
                self._parameters.put_seed(seed)
        elif seed is not None:
            self.call_after_refresh(self.use, subject, seed)

    @on(Input.Submitted)
    def action_start(self) -> None:
        """Hand the jobs in."""
        try:
            jobs = self._jobs()
        except PromptkitError as error:
            self._tell(str(error))
            return
        self._tell("")
        folder = self.subject.folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self._tell(f"{folder}: {reason(error)}")
            return
        taken = {row.order.path for row in self.rows.values() if row.stage.is_open}
        placed: list[tuple[Job, Path]] = []
        for stem, job in jobs:
            path = free_path(folder, stem, taken)
            taken.add(path)
            placed.append((job, path))
        words = "" if self._is_open else "starting the generator"
        for order in self._studio.submit(placed, self._parameters.chosen):
            self.rows[order.number] = Row(order, words=words)
        self._refresh_queue()

    def action_back(self) -> None:
        if self.is_active:
            self.app.pop_screen()

    def action_cancel_all(self) -> None:
        line = self.focused
        if isinstance(line, Input) and not line.selection.is_empty:
            # Who marks something and presses this wants to cut it out.
            line.action_cut()
        else:
            self._studio.cancel()

    def action_cancel_one(self) -> None:
        queue = self.query_one("#queue", OptionList)
        if queue.has_focus and queue.highlighted is not None:
            self._studio.cancel(self._shown[queue.highlighted])

    def starting(self, message: Starting) -> None:
        """The generator will be there."""
        self._parameters.border_subtitle = Text(message.words)

    def opened(self, message: Opened) -> None:
        """The generator is there."""
        self._is_open = True
        self._parameters.follow(message.model, message.defaults)
        for row in self.rows.values():
            if row.stage is Stage.WAITING:
                row.words = ""
        self._refresh_soon()
        if message.note:
            self.notify(message.note)

    def progress(self, message: Progress) -> str:
        """An order has moved on; gives what went wrong, if it has failed."""
        row = self.rows.get(message.order.number)
        if row is None:
            return ""
        row.take(message.event)
        if isinstance(message.event, Step) and message.event.preview is not None:
            self._preview = message.event.preview, row
        self._refresh_soon()
        return row.words if row.stage is Stage.FAILED else ""

    def finished(self, message: Finished) -> None:
        """A picture is there."""
        row = self.rows.get(message.order.number)
        if row is not None:
            row.order = message.order
            row.finish(message.done)
            self._preview = None
            self._refresh_soon()
            self._show_file(row)

    def stopped(self, message: Stopped) -> None:
        """Nothing more will come."""
        self._tell(message.problem)
        self._is_open = False
        self._parameters.border_subtitle = ""
        for row in filter(None, map(self.rows.get, message.numbers)):
            row.give_up("")
        self._refresh_queue()

    @on(OptionList.OptionHighlighted, "#queue")
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        row = self.rows.get(self._shown[event.option_index])
        if row is not None and row.stage is Stage.MADE and event.option_list.has_focus:
            self._show_file(row)

    def _jobs(self) -> list[tuple[str, Job]]:
        """Each with the stem of its picture's name.

        Raises:
            PromptkitError: for what no generator could take.
        """
        seed, count = self._parameters.seed, self._parameters.count
        captions = self.subject.captions
        if not 1 <= count * len(captions) <= MOST:
            # Not how many were asked for: that may be a number too long to be written.
            raise UsageError(f"count: ask for 1 to {MOST} pictures at a time, of all captions")
        parameters = self._parameters.job
        seeds = [None if seed is None else seed + number for number in range(count)]
        return [
            (stem, Job.of(prompt=prompt, seed=seed, **parameters))
            for stem, prompt in captions
            for seed in seeds
        ]

    @property
    def _parameters(self) -> Parameters:
        return self.query_one(Parameters)

    def _await_generator(self) -> None:
        """It says what suits its model, so that it is opened before it is needed."""
        self._studio.open()
        if not self._is_open:
            self._tell("")
            self._parameters.border_subtitle = "starting the generator"

    def _tell(self, problem: str) -> None:
        place = self.query_one("#generate-problem")
        place.query_one(Static).update(Text(problem, "red"))
        place.display = bool(problem)

    def _tick(self) -> None:
        """The time left goes down between steps too."""
        if any(row.stage is Stage.MAKING for row in self.rows.values()):
            self._refresh_queue()

    def _refresh_soon(self) -> None:
        """A quick generator tells more than anyone can read."""
        if self._refreshing is None:
            self._refreshing = self.set_timer(REFRESH_SECONDS, self._refresh_queue)

    def _refresh_queue(self) -> None:
        self._refreshing = None
        if self._preview is not None:
            self._show(*self._preview)
            self._preview = None
        queue = self.query_one("#queue", OptionList)
        queue.border_title = f"Queue · {summary(self.rows.values())}"
        numbers = sorted(self.rows, reverse=True)
        lines = [self.rows[number].line() for number in numbers]
        if numbers != self._shown:
            chosen = None if queue.highlighted is None else self._shown[queue.highlighted]
            self._shown = numbers
            queue.clear_options()
            queue.add_options([Option(line) for line in lines])
            queue.highlighted = None if chosen is None else numbers.index(chosen)
        else:
            for index, line in enumerate(lines):
                queue.replace_option_prompt_at_index(index, line)

    def _show_file(self, row: Row) -> None:
        self._title(row)
        self._file = row.order.path
        self.query_one(PictureView).decode(row.order.path)

    @on(Decoded)
    def _decoded(self, message: Decoded) -> None:
        if message.problem:
            self._tell(message.problem)
        if message.image is not None and message.path == self._file:
            self._image = message.image
            self._redraw()

    def _show(self, data: bytes, row: Row) -> None:
        try:
            image = Image.open(io.BytesIO(data))
            image.load()
        except (OSError, ValueError):
            return  # a preview that does not arrive whole is followed by another
        self._image, self._file = image, None
        self._title(row)
        self._redraw()

    def _title(self, row: Row) -> None:
        self._drawn_for = row.order.job.prompt
        self.query_one("#picture").border_title = Text(row.order.path.name)

    def action_boxes(self) -> None:
        """Show the boxes on the picture, or the picture alone."""
        self._boxes = not self._boxes
        self._redraw()

    def _redraw(self) -> None:
        image = self._image
        if image is not None and self._boxes:
            image = outlined(image, Session(self._drawn_for))
        self.query_one(PictureView).show(image)


def outlined(image: Image.Image, session: Session) -> Image.Image:
    """The picture with the boxes of its caption on it."""
    picture = image.convert("RGB")
    pen = ImageDraw.Draw(picture)
    width = max(min(picture.size) // 128, 1)
    for item in items_of(session, ""):
        left, top, right, bottom = item.box.pixels(Size(*picture.size))
        color = readable_on(item.fill)
        pen.rectangle((left, top, max(right - 1, left), max(bottom - 1, top)), None, color, width)
    return picture
