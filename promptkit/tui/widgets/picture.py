"""A picture in the terminal: through textual-image where it can show pixels, else in half blocks.

textual-image asks the terminal what it can show while it is imported, which has to happen before
the application takes the terminal over (``promptkit.tui.run``); otherwise half blocks are used.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rich.segment import Segment
from rich.style import Style
from textual import work
from textual.app import ComposeResult
from textual.containers import Container
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.worker import get_current_worker

from promptkit.color import from_rgb
from promptkit.geometry import Size
from promptkit.tui.widgets.raster import fitted

if TYPE_CHECKING:
    from PIL import Image

MOST_PIXELS: Final = 1024
"""Of the longer side of what is shown; terminals have no more."""
_LIBRARY: Final = "textual_image.widget"
_CAPABLE: Final = ("kitty", "ghostty", "wezterm", "iterm", "foot", "mlterm", "contour")


class HalfBlocks(Widget):
    """Two pixels a cell, one above the other."""

    def __init__(self) -> None:
        super().__init__()
        self._image: Image.Image | None = None
        self._strips: list[Strip] = []

    def show(self, image: Image.Image | None) -> None:
        """Another picture, or none."""
        self._image = image
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def render_line(self, y: int) -> Strip:
        blank = Strip.blank(self.size.width, Style(bgcolor=self.rich_style.bgcolor))
        return self._strips[y] if y < len(self._strips) else blank

    def _draw(self) -> None:
        width, height = self.size.width, self.size.height
        self._strips = []
        if self._image is not None and width and height:
            area = fitted(width, height, Size(*self._image.size))
            small = self._image.convert("RGB").resize((area.width, area.height * 2))
            pixels = small.tobytes()
            empty = Style(bgcolor=self.rich_style.bgcolor)
            blank = Strip.blank(width, empty)
            self._strips = [blank] * area.top
            for row in range(area.height):
                upper = _row(pixels, 2 * row, area.width)
                lower = _row(pixels, 2 * row + 1, area.width)
                cells = [
                    Segment("▀", _style(top, bottom))
                    for top, bottom in zip(upper, lower, strict=True)
                ]
                strip = Strip([Segment(" " * area.left, empty), *cells]).simplify()
                self._strips.append(strip.adjust_cell_length(width, empty))
        self.refresh()


@dataclass
class Decoded(Message):
    """A picture file has been read; ``problem`` says why not."""

    view: PictureView
    path: Path
    image: Image.Image | None
    problem: str = ""


class PictureView(Container):
    """A picture as fine as this terminal can show it."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._blocks = HalfBlocks()
        self._fine: Any = fine_widget()

    def compose(self) -> ComposeResult:
        yield self._fine if self._fine is not None else self._blocks

    def show(self, image: Image.Image | None) -> None:
        """Another picture, or none."""
        if self._fine is not None:
            self._fine.image = image
        else:
            self._blocks.show(image)

    @work(thread=True, exclusive=True)
    def decode(self, path: Path) -> None:
        """Read a file, which takes a while for a large picture, and tell ``Decoded``."""
        from PIL import Image  # noqa: PLC0415 - as late as there is a picture

        try:
            with Image.open(path) as opened:
                image = opened.convert("RGB")
        except (OSError, ValueError) as error:
            self.post_message(Decoded(self, path, None, f"{path.name}: {error}"))
            return
        image.thumbnail((MOST_PIXELS, MOST_PIXELS))
        if not get_current_worker().is_cancelled:
            self.post_message(Decoded(self, path, image))


def prepare() -> None:
    """Ask the terminal whether it shows pixels; only those known to, as asking takes time."""
    hints = " ".join(os.environ.get(name, "") for name in ("TERM", "TERM_PROGRAM")).lower()
    known = any(name in hints for name in _CAPABLE) or "KONSOLE_VERSION" in os.environ
    if known and find_spec("textual_image") is not None:
        import_module(_LIBRARY)


def fine_widget() -> Any:
    """textual-image's widget where the terminal shows pixels, else None."""
    library = sys.modules.get(_LIBRARY)
    if library is None:
        return None
    fine = (library.TGPRenderable, library.SixelRenderable)
    return library.Image() if library.AutoRenderable in fine else None


def _row(pixels: bytes, row: int, width: int) -> list[tuple[int, int, int]]:
    start = row * width * 3
    line = pixels[start : start + width * 3]
    return list(zip(line[0::3], line[1::3], line[2::3], strict=True))


@lru_cache(maxsize=1 << 14)
def _style(top: tuple[int, int, int], bottom: tuple[int, int, int]) -> Style:
    return Style(color=from_rgb(*top), bgcolor=from_rgb(*bottom))
