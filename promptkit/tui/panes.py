"""Which panes are seen: all where there is room, one at a time where there is little."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.widget import Widget

if TYPE_CHECKING:
    from promptkit.tui.screens.workbench import Workbench

MEDIUM: Final = 110
"""Columns from which the form and the findings stand beside the layout."""
WIDE: Final = 160
"""Columns from which the JSON has room too."""
_NARROWEST, _LOWEST = 16, 3


class Panes:
    """The panes of a workbench."""

    def __init__(self, screen: Workbench) -> None:
        self._screen = screen
        self._width = 0
        self._shown = {"outline", "inspector", "findings"}

    def arrange(self, width: int) -> None:
        """Make use of so many columns."""
        if width == self._width:
            return
        crossed = (self._width >= WIDE) != (width >= WIDE) or not self._width
        narrowed = width < MEDIUM and (self._width >= MEDIUM or not self._width)
        widened = width >= MEDIUM and 0 < self._width < MEDIUM
        self._width = width
        if crossed and width >= WIDE:
            self._shown |= {"json", "inspector", "findings"}
        elif crossed:
            self._shown -= {"json"}
        if narrowed:
            # The layout needs the room; Enter brings the form.
            self._shown -= {"inspector", "json", "findings"}
        elif widened:
            self._shown |= {"inspector", "findings"}
        self.apply()

    def toggle(self, name: str) -> None:
        """Show a pane and go there, or hide it."""
        if name not in self._shown:
            self.show(name)
            # The focus now, not in a moment: keys that are under way belong to the pane already.
            if name == "inspector":
                self._screen.inspector.sync()
                self._screen.inspector.focus_field("")
            else:
                self._screen.set_focus(self._widget(name))
            return
        self._shown.discard(name)
        self.apply()
        self._screen.set_focus(self._screen.canvas)

    def show(self, name: str) -> None:
        """Show a pane, in place of another where there is no room for both."""
        if name != "outline" and self._width < MEDIUM:
            self._shown -= {"inspector", "json", "findings"}
        elif name in ("json", "inspector") and self._width < WIDE:
            self._shown -= {"json", "inspector"}
        self._shown.add(name)
        self.apply()

    def leave(self) -> None:
        """Back to the layout, which takes the room again where there is little."""
        if self._width < MEDIUM:
            self._shown -= {"inspector", "json", "findings"}
            self.apply()
        self._screen.set_focus(self._screen.canvas)

    def widen(self, cells: int) -> None:
        """Give the column with the focus more room, or less."""
        column = self._focused_column()
        if column is not None and column.id != "canvas":
            column.styles.width = max(column.outer_size.width + cells, _NARROWEST)

    def heighten(self, rows: int) -> None:
        """Give the pane with the focus more room, or less."""
        pane = self._screen.focused
        while pane is not None and pane.id not in ("findings", "json", "inspector", "right"):
            pane = pane.parent if isinstance(pane.parent, Widget) else None
        if pane is not None:
            target = self._screen.right if self._width < MEDIUM else pane
            target.styles.height = max(target.outer_size.height + rows, _LOWEST)

    def _focused_column(self) -> Widget | None:
        pane: Widget | None = self._screen.focused
        while pane is not None and pane.id not in ("outline", "canvas", "right"):
            pane = pane.parent if isinstance(pane.parent, Widget) else None
        return pane

    def _widget(self, name: str) -> Widget:
        widget: Widget = getattr(self._screen, name)
        return widget

    def apply(self) -> None:
        """Show the panes that are to be seen."""
        screen = self._screen
        screen.outline.display = "outline" in self._shown
        screen.right.display = bool({"inspector", "json", "findings"} & self._shown)
        if screen.is_furnished:
            for name in ("inspector", "json", "findings"):
                self._widget(name).display = name in self._shown
            if "json" in self._shown:
                screen.json.sync()
                screen.json.mark()
