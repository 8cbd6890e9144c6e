"""A caption's layout in the picture's true shape, to look at."""

from __future__ import annotations

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.theme import Theme
from textual.widget import Widget

from promptkit.session import Session
from promptkit.tui.widgets.raster import Area, Item, Run, changed, draw, fitted
from promptkit.tui.widgets.scene import ground_of, items_of


class LayoutView(Widget):
    """Draws a session; ``sync`` redraws the rows that have come to look different."""

    def __init__(self, session: Session, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.session = session
        self.area = Area(0, 0, 1, 1)
        """Where in the widget the picture is."""
        self._rows: list[list[Run]] = []
        self._items: list[Item] = []
        self._scene: tuple[Area, str] | None = None
        self._drawn_for: Size | None = None

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, self._rethemed)

    def on_resize(self) -> None:
        if self.size != self._drawn_for:
            self.sync()

    def render_lines(self, crop: Region) -> list[Strip]:
        # The first painting comes before the news of the widget's size.
        if self.size != self._drawn_for:
            self._draw()
        return super().render_lines(crop)

    def sync(self) -> None:
        """Draw what the session holds."""
        if not self.size:
            return
        before, old = self.area, self._rows
        self._draw()
        if before != self.area or len(old) != len(self._rows):
            self.refresh()
            return
        left, top, width = self.area.left, self.area.top, self.area.width
        for row, (was, now) in enumerate(zip(old, self._rows, strict=True)):
            if was != now:
                self.refresh(Region(left, top + row, width, 1))

    def _draw(self) -> None:
        self._drawn_for = self.size
        self.area = fitted(max(self.size.width, 1), max(self.size.height, 1), self.session.size)
        accent = self.app.theme_variables.get("accent", "#FFA62B")[:7]
        old, self._items = self._items, items_of(self.session, accent) + self.drafts(accent)
        before, self._scene = self._scene, (self.area, ground_of(self.session.view))
        if before != self._scene:
            self._rows = draw(self._items, *self._scene)
        elif band := changed(old, self._items, self.area):
            self._rows = self._rows.copy()
            self._rows[band.start : band.stop] = draw(self._items, *self._scene, band)

    def _rethemed(self, _theme: Theme) -> None:
        # Its colours are there after the next refresh.
        self.call_after_refresh(self.sync)

    def drafts(self, accent: str) -> list[Item]:  # noqa: ARG002
        """What is drawn besides the caption's elements."""
        return []

    def render_line(self, y: int) -> Strip:
        area, width = self.area, self.size.width
        blank = Style(bgcolor=self.rich_style.bgcolor)
        row = y - area.top
        if not 0 <= row < len(self._rows):
            return Strip.blank(width, blank)
        runs = [Segment(run.text, _style(run.ink, run.ground)) for run in self._rows[row]]
        right = max(width - area.left - area.width, 0)
        segments = [Segment(" " * area.left, blank), *runs, Segment(" " * right, blank)]
        return Strip(segments, area.left + area.width + right)


@lru_cache(maxsize=2048)
def _style(ink: str, ground: str) -> Style:
    return Style(color=ink, bgcolor=ground)
