"""The keys that can be pressed now, on one line, as many as there is room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.keys import key_to_character
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget


@dataclass(frozen=True, slots=True)
class Key:
    """A key, as one presses it and as it is written, and what it does."""

    key: str
    sign: str
    about: str
    action: str
    is_enabled: bool

    @property
    def width(self) -> int:
        return cell_len(f" {self.sign} {self.about} ")


class KeyLine(Widget, can_focus=False):
    """Textual's footer drawn by a single widget.

    The footer makes a widget of every key anew whenever the focus moves, which takes longer than
    everything else that a press of Tab brings about.
    """

    DEFAULT_CSS = """
    KeyLine {
        dock: bottom;
        height: 1;
        color: $footer-description-foreground;
        background: $footer-background;
    }
    KeyLine > .keyline--key {
        color: $footer-key-foreground;
        text-style: bold;
    }
    """
    COMPONENT_CLASSES = {"keyline--key"}  # noqa: RUF012 - as textual declares it

    def __init__(self) -> None:
        super().__init__()
        self._keys: tuple[Key, ...] = ()

    @property
    def keys(self) -> tuple[Key, ...]:
        """What is shown."""
        return fitting(self._keys, self.size.width)

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)
        self._bindings_changed(self.screen)

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - there is one line
        own = self.rich_style
        sign = self.get_component_rich_style("keyline--key", partial=True)
        segments = []
        for each in self.keys:
            dim = Style(dim=not each.is_enabled)
            segments += [
                Segment(f" {each.sign} ", sign + dim), Segment(f"{each.about} ", dim),
            ]  # fmt: skip
        return Strip(segments).apply_style(own).adjust_cell_length(self.size.width, own)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        end = 0
        for each in self.keys:
            end += each.width
            if event.x < end:
                if each.is_enabled:
                    self.app.simulate_key(each.key)
                else:
                    self.app.bell()
                return

    def _bindings_changed(self, screen: Screen[object]) -> None:
        if screen is not self.screen or not self.app.app_focus:
            return
        found: dict[str, Key] = {}
        focused = screen.focused
        is_typed = focused is not None and focused.check_consume_key("a", "a")
        for _, binding, is_enabled, _ in screen.active_bindings.values():
            if is_typed and (key_to_character(binding.key) or "\0").isprintable():
                continue  # it goes into the text
            if binding.show and binding.action not in found:
                sign = self.app.get_key_display(binding)
                found[binding.action] = Key(
                    binding.key, sign, binding.description, binding.action, is_enabled
                )
        keys = tuple(found.values())
        if keys != self._keys:
            self._keys = keys
            self.refresh()


def fitting(keys: Sequence[Key], room: int) -> tuple[Key, ...]:
    """The first of these that take no more than ``room`` cells, and help in any case."""
    kept = list(keys)
    while kept and sum(key.width for key in kept) > room:
        optional = [key for key in kept if not key.action.endswith("help")]
        kept.remove((optional or kept)[-1])
    return tuple(kept)
