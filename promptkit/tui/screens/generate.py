"""Make pictures of the caption: parameters, the queue, the picture as it comes."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Final, get_args

from PIL import Image, ImageDraw
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from promptkit.color import readable_on
from promptkit.dispatch import Crashed, Failed, Loading, Queued, Step
from promptkit.errors import PromptkitError, UsageError
from promptkit.geometry import Size
from promptkit.job import Job, PresetName
from promptkit.session import Session
from promptkit.tui.orders import Finished, Order, Progress, Stopped
from promptkit.tui.studio import Studio, free_paths
from promptkit.tui.widgets.picture import PictureView
from promptkit.tui.widgets.scene import items_of

MOST: Final = 64
"""Pictures of one order."""
_BAR: Final = 16
_FIELDS: Final = (
    ("size", "Size", "WxH, multiples of 16"),
    ("preset", "Preset", "empty: steps and cfg count"),
    ("steps", "Steps", "instead of a preset"),
    ("cfg", "CFG", "instead of a preset"),
    ("seed", "Seed", "empty: drawn anew"),
    ("count", "Count", "pictures, seed by seed"),
)


@dataclass
class Row:
    """A line of the queue."""

    order: Order
    state: str = "waiting"
    step: int = 0
    steps: int = 0
    since: float = field(default_factory=time.monotonic)


class GenerateScreen(Screen[None]):
    """Lives as long as the caption is open, so that its queue survives a look elsewhere."""

    HELP = """\
Pictures of this caption. Enter or ctrl+r starts; the queue shows how far each is, and the picture
appears while it is made. Pictures are written beside the caption and carry their job.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+r", "start", "Generate", priority=True),
        Binding("ctrl+x", "cancel_all", "Cancel", priority=True),
        Binding("ctrl+b", "app.gallery", "Gallery", priority=True),
        Binding("ctrl+l", "boxes", "Boxes", priority=True),
        Binding("escape", "back", "Back"),
        Binding("f1", "app.help", "Help", show=False),
    ]

    def __init__(self, studio: Studio, prompt: str, size: Size, folder: Path, stem: str) -> None:
        super().__init__()
        self._studio = studio
        self.prompt = prompt
        self._first_size = size
        self._folder, self._stem = folder, stem
        self.rows: dict[int, Row] = {}
        self._shown: list[int] = []
        self._image: Image.Image | None = None
        self._boxes = True

    def compose(self) -> ComposeResult:
        yield Static(Text(" promptkit  generate", "bold"), id="topbar")
        with Horizontal():
            with Vertical(id="generate-left"):
                with Vertical(id="parameters"):
                    for key, name, hint in _FIELDS:
                        with Horizontal(classes="parameter"):
                            yield Static(name, classes="parameter-name")
                            yield Input(self._first(key), placeholder=hint, id=key, compact=True)
                    yield Static("", id="generate-problem")
                yield OptionList(id="queue")
            yield PictureView(id="picture")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.query_one("#parameters").border_title = "Picture"
        self.query_one("#queue").border_title = "Queue"
        self.query_one("#picture").border_title = "Result"
        self.query_one("#seed", Input).focus()

    def use(self, prompt: str, size: Size, seed: int | None = None) -> None:
        """Take over another state of the caption, or a seed."""
        self.prompt = prompt
        self._first_size = size
        if self.is_mounted:
            self.query_one("#size", Input).value = str(size)
            if seed is not None:
                self.query_one("#seed", Input).value = str(seed)

    @on(Input.Submitted)
    def action_start(self) -> None:
        """Hand the jobs in."""
        problem = self.query_one("#generate-problem", Static)
        try:
            jobs = self._jobs()
        except PromptkitError as error:
            problem.update(Text(str(error), "red"))
            return
        problem.update("")
        self._folder.mkdir(parents=True, exist_ok=True)
        waiting = {row.order.path for row in self.rows.values()}
        paths = [
            path
            for path in free_paths(self._folder, self._stem, len(jobs) + len(waiting))
            if path not in waiting
        ]
        for order in self._studio.submit(list(zip(jobs, paths, strict=False))):
            self.rows[order.number] = Row(order)
        self._refresh_queue()

    def action_cancel_all(self) -> None:
        self._studio.cancel()
        for row in self.rows.values():
            if row.state in ("waiting", "queued"):
                row.state = "cancelled"
        self._refresh_queue()

    def action_back(self) -> None:
        self.app.pop_screen()

    def progress(self, message: Progress) -> None:
        """An order has moved on."""
        row = self.rows.get(message.order.number)
        if row is None:
            return
        match message.event:
            case Queued(position):
                row.state = "queued" if position > 1 else "next"
            case Loading():
                row.state = "loading the model"
            case Step(step, steps, _, preview):
                if row.state != "making" or step < row.step:
                    row.since = time.monotonic()
                row.state, row.step, row.steps = "making", step, steps
                if preview is not None:
                    self._show(preview)
            case Failed(_, words):
                row.state = f"failed: {words}" if str(words) != "cancelled" else "cancelled"
            case Crashed():
                row.state = "the generator died; started again"
            case _:
                pass
        self._refresh_queue()

    def finished(self, message: Finished) -> None:
        """A picture is there."""
        row = self.rows.get(message.order.number)
        if row is not None:
            blocked = " · blocked by the model's safety filter" if message.done.blocked else ""
            row.state = f"{message.done.seconds:.1f} s · seed {message.done.seed}{blocked}"
            row.step = row.steps
        self._refresh_queue()
        self._show(message.order.path.read_bytes())

    def stopped(self, message: Stopped) -> None:
        """Nothing more will come."""
        if message.problem:
            self.query_one("#generate-problem", Static).update(Text(message.problem, "red"))
            for row in self.rows.values():
                if row.state in ("waiting", "queued", "next", "loading the model"):
                    row.state = "not made"
            self._refresh_queue()

    @on(OptionList.OptionHighlighted, "#queue")
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        row = self.rows.get(self._shown[event.option_index])
        if row is not None and row.order.path.exists() and self.query_one("#queue").has_focus:
            self._show(row.order.path.read_bytes())

    def _first(self, key: str) -> str:
        first: dict[str, str] = {
            "size": str(self._first_size),
            "preset": get_args(PresetName)[0],
            "count": "1",
        }
        return first.get(key, "")

    def _value(self, key: str) -> str:
        return self.query_one(f"#{key}", Input).value.strip()

    def _jobs(self) -> list[Job]:
        try:
            size = Size.parse(self._value("size"))
            count = int(self._value("count") or "1")
            seed = int(self._value("seed")) if self._value("seed") else None
            steps = int(self._value("steps")) if self._value("steps") else None
            scale = float(self._value("cfg")) if self._value("cfg") else None
        except ValueError as error:
            raise UsageError(str(error)) from error
        if not 1 <= count <= MOST:
            raise UsageError(f"count {count} is not between 1 and {MOST}")
        parameters: dict[str, Any] = {"width": size.width, "height": size.height}
        if steps is not None or scale is not None:
            parameters |= {"num_inference_steps": steps, "cfg_scale": scale}
        else:
            parameters |= {"preset": self._value("preset") or None}
        seeds = [None if seed is None else seed + number for number in range(count)]
        return [Job.of(prompt=self.prompt, seed=each, **parameters) for each in seeds]

    def _refresh_queue(self) -> None:
        queue = self.query_one("#queue", OptionList)
        numbers = sorted(self.rows, reverse=True)
        lines = [line_of(self.rows[number]) for number in numbers]
        if numbers != self._shown:
            self._shown = numbers
            queue.clear_options()
            queue.add_options([Option(line) for line in lines])
        else:
            for index, line in enumerate(lines):
                queue.replace_option_prompt_at_index(index, line)

    def _show(self, data: bytes) -> None:
        try:
            image = Image.open(io.BytesIO(data))
            image.load()
        except (OSError, ValueError):
            return  # a preview that does not arrive whole is followed by another
        self._image = image
        self._redraw()

    def action_boxes(self) -> None:
        """Show the boxes on the picture, or the picture alone."""
        self._boxes = not self._boxes
        self._redraw()

    def _redraw(self) -> None:
        image = self._image
        if image is not None and self._boxes:
            image = outlined(image, Session(self.prompt))
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


def line_of(row: Row) -> Text:
    """A line of the queue: name, bar, time left."""
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append(f"{row.order.path.name}  ", "bold")
    if row.state != "making":
        text.append(row.state, "green" if row.step else "dim")
        return text
    filled = _BAR * row.step // max(row.steps, 1)
    text.append("━" * filled, "green")
    text.append("━" * (_BAR - filled), "dim")
    text.append(f" {row.step}/{row.steps}")
    if row.step > 1:
        pace = (time.monotonic() - row.since) / row.step
        text.append(f"  {pace * (row.steps - row.step):.0f} s left", "dim")
    return text
