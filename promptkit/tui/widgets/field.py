"""One field of the form: its name, what it costs, and an area to type its words in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rich.style import Style
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static, TextArea

from promptkit.color import normalize_hex
from promptkit.session import Part
from promptkit.tui.messages import FieldEdited
from promptkit.tui.widgets.typing import TypingArea


@dataclass(frozen=True, slots=True)
class Spec:
    """What a field is called and what to write into it."""

    key: str
    name: str
    hint: str
    lines: int = 1
    """Rows that it takes at least."""


SUMMARY: Final = (
    Spec("high_level_description", "Summary", "one sentence: what the whole picture shows", 4),
)
BACKGROUND: Final = (
    Spec(
        "background", "Background", "the scene's shell: walls, sky, light and always the floor", 6
    ),
)
STYLE: Final = {
    "aesthetics": Spec("aesthetics", "Aesthetics", "mood and look", 2),
    "lighting": Spec("lighting", "Lighting", "where the light comes from, how hard it is", 2),
    "photo": Spec("photo", "Photo", "lens, aperture, viewpoint, film", 2),
    "art_style": Spec("art_style", "Art style", "technique, school, line, texture", 2),
    "medium": Spec("medium", "Medium", "photograph, illustration, 3d_render, graphic_design…"),
    "color_palette": Spec("color_palette", "Palette", "#RRGGBB, … at most 16"),
}
ELEMENT: Final = (
    Spec("type", "Type", "obj or text"),
    Spec("bbox", "Box", "y_min, x_min, y_max, x_max: 0..1000"),
    Spec("text", "Literal text", "exactly what is to be read; a new line breaks it", 2),
    Spec("desc", "Description", "what it is and looks like, 30 to 60 words", 6),
    Spec("color_palette", "Palette", "#RRGGBB, … at most 5"),
)


class Field(Vertical):
    """A field; quiet while it is set from outside, telling while it is typed in."""

    def __init__(self, part: Part, spec: Spec) -> None:
        super().__init__(classes=f"field lines-{spec.lines}")
        self.part, self.spec = part, spec
        self._title = Static(classes="field-name")
        self.area = TypingArea(soft_wrap=True, compact=True, placeholder=spec.hint)
        self.area.cursor_blink = False
        self.area.match_cursor_bracket = False
        self.area.tab_behavior = "focus"
        self._shown = ""
        self._value = ""
        """What the caption says, as of the last time that it was shown here."""
        self._element: int | None = None
        self._state: tuple[str, str, bool] | None = None

    def compose(self) -> ComposeResult:
        yield self._title
        yield self.area

    def show(self, value: str, note: str, element: int | None, *, problem: bool) -> None:
        """Set the words, unless they are already there, and the line above."""
        self._element = element
        typed = self.area.text
        # Half a word may have a meaning already, which is written otherwise: "#FAF" on its way to
        # "#FAF0D6", "100," to "100, 200". Nothing is put in order under the fingers.
        if value not in (self._shown, typed) and not (self.area.has_focus and self._means(value)):
            self._set(value)
        self._shown = self._value = value
        if (value, note, problem) == self._state:
            return
        self._state = value, note, problem
        title = Text(no_wrap=True, overflow="ellipsis")
        title.append(self.spec.name, "bold")
        if self.spec.key == "color_palette":
            for color in filter(None, map(normalize_hex, value.split(","))):
                title.append(" ")
                title.append("██", Style(color=color))
        title.append(f"  {note}" if note else "", "dim")
        self._title.update(title, layout=False)
        self.set_class(problem, "-problem")

    def on_descendant_blur(self) -> None:
        if self.area.text != self._value and self._means(self._value):
            self._set(self._value)

    def _means(self, value: str) -> bool:
        """Whether what is typed says the same."""
        key = self.spec.key
        return field_data(key, self.area.text) == field_data(key, value)

    def _set(self, value: str) -> None:
        cursor = self.area.cursor_location
        with self.area.prevent(TextArea.Changed):
            self.area.load_text(value)
        self.area.move_cursor(cursor)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        if self.area.text != self._shown:
            self._shown = self.area.text
            self.post_message(FieldEdited(self.part, self.spec.key, self._shown, self._element))


def field_data(key: str, value: str) -> object:
    """What a field of the form says, as JSON has it; words that are no box stay words."""
    if key == "color_palette":
        colors = [part.strip() for part in value.replace("\n", ",").split(",") if part.strip()]
        return [normalize_hex(color) or color for color in colors]
    if key == "bbox":
        numbers = value.replace(",", " ").strip("[] ").split()
        if not numbers:
            return None
        try:
            return [int(number) for number in numbers]
        except ValueError:
            return value
    if key in ("type", "medium"):
        return value.strip()
    return value
