"""The form for what is selected."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.theme import Theme
from textual.widgets import Static

from promptkit.session import Part, Session
from promptkit.session.elements import element_at
from promptkit.session.fields import field_text, style_keys
from promptkit.session.mends import place_of
from promptkit.session.outline import Tokens
from promptkit.tui.widgets.field import BACKGROUND, ELEMENT, STYLE, SUMMARY, Field, Spec

_SPECS: dict[Part, tuple[Spec, ...]] = {
    Part.SUMMARY: SUMMARY,
    Part.STYLE: tuple(STYLE.values()),
    Part.BACKGROUND: BACKGROUND,
    Part.ELEMENT: ELEMENT,
}
_POINTERS = {
    Part.SUMMARY: "",
    Part.STYLE: "/style_description",
    Part.BACKGROUND: "/compositional_deconstruction",
}


class Inspector(VerticalScroll, can_focus=False):
    """The fields of a part are made once, when it is first selected, and then shown and hidden."""

    HELP = """\
The fields of the selected part. What you type is written into the file at once, in the file's own
style. Tab goes to the next field; Escape goes back to the layout.
"""

    def __init__(self, session: Session) -> None:
        super().__init__(id="inspector")
        self.session = session
        self.tokens: Tokens | None = None
        self._note_line = Static("", id="inspector-note")
        self._is_marked = False
        self._fields: dict[Part, tuple[Field, ...]] = {}

    def compose(self) -> ComposeResult:
        yield self._note_line

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, self._rethemed)
        self.sync()

    def sync(self) -> None:
        """Show the fields of the selection."""
        if not self.is_attached:
            return
        marks = self.session.marks
        part, element = marks.part, marks.element
        problems = {
            key
            for found_part, found_element, key in (
                place_of(self.session, finding) for finding in self.session.findings
            )
            if (found_part, found_element) == (part, element)
        }
        shown = self._keys(part, element)
        self._make(part)
        for field in self._every:
            is_shown = field.part is part and field.spec.key in shown
            if field.display != is_shown:
                field.display = is_shown
            if is_shown:
                key = field.spec.key
                value = field_text(self.session, part, key, element)
                note = self._note(part, key, element)
                field.show(value, note, element, problem=key in problems)
        self.border_title = self._title(part, element)
        count = len(marks.elements)
        line = self._note_line
        if line.display != (count > 1):
            line.display = count > 1
        if count > 1:
            words = f"{count} elements are selected; these are the fields of the last one"
            line.update(words, layout=False)

    def focus_field(self, key: str) -> bool:
        """Put the cursor into a field of the selection; without a key into its first with words."""
        fields = [field for field in self._every if field.display]
        wanted = [field for field in fields if field.spec.key == key]
        place = self.session.marks.element
        element = element_at(self.session, place) if place is not None else None
        is_text = element is not None and element.type == "text"
        passed = {"type", "bbox"} if is_text else {"type", "bbox", "text"}
        words = [field for field in fields if field.spec.key not in passed]
        for field in (wanted or words or fields)[:1]:
            field.area.move_cursor(field.area.document.end)
            # Now, not in a moment: keys that are under way belong to the field already.
            self.screen.set_focus(field.area)
            # The form may only now get its room, and its fields their places.
            self.call_after_refresh(field.scroll_visible, animate=False)
            return True
        return False

    def on_descendant_focus(self) -> None:
        self._tell_focus()

    def on_descendant_blur(self) -> None:
        self._tell_focus()

    def _tell_focus(self) -> None:
        # In place of :focus-within, which looks up the styles of all fields at every Tab.
        focused = self.screen.focused
        is_within = focused is not None and self in focused.ancestors
        if is_within != self._is_marked:
            self._is_marked = is_within
            self._color_border()

    def _color_border(self) -> None:
        accent = self.app.theme_variables["accent"] if self._is_marked else None
        self.styles.border = ("round", accent) if accent else None
        self.styles.border_title_color = accent

    def _rethemed(self, _theme: Theme) -> None:
        # Its colours are there after the next refresh.
        self.call_after_refresh(self._color_border)

    def prepare(self) -> bool:
        """Make the fields of one more part that has none yet; whether all parts have."""
        missing = next((part for part in _SPECS if part not in self._fields), None)
        if missing is not None:
            self._make(missing)
        return missing is None

    @property
    def _every(self) -> Iterator[Field]:
        return chain.from_iterable(self._fields.values())

    def _make(self, part: Part) -> None:
        if part not in self._fields:
            self._fields[part] = tuple(Field(part, spec) for spec in _SPECS[part])
            for field in self._fields[part]:
                field.display = False
            self.mount(*self._fields[part])

    def _keys(self, part: Part, element: int | None) -> set[str]:
        if part is Part.STYLE:
            return set(style_keys(self.session))
        if part is Part.ELEMENT:
            return set() if element is None else {spec.key for spec in ELEMENT}
        return {spec.key for spec in _SPECS[part]}

    def _note(self, part: Part, key: str, element: int | None) -> str:
        notes = []
        if self.tokens is not None:
            start = _POINTERS.get(part, f"/compositional_deconstruction/elements/{element}")
            cost = self.tokens.parts.get(f"{start}/{key}", 0)
            notes += [f"{cost} tokens"] if cost else []
        found = element_at(self.session, element) if element is not None else None
        if key == "text" and found is not None and found.type != "text":
            # Shown all the same: a field that comes and goes would move those below it.
            notes = ["what is typed here makes it a text element"]
        if key == "bbox" and element is not None:
            notes = [self._pixels(element)]
        return " ".join(notes)

    def _pixels(self, element: int) -> str:
        found: Any = element_at(self.session, element)
        box = found.bbox if found else None
        if box is None:
            return "none: the model places it"
        left, top, right, bottom = box.pixels(self.session.size)
        return f"{right - left}x{bottom - top} px at {left},{top}"

    def _title(self, part: Part, element: int | None) -> str:
        if part is Part.ELEMENT and element is not None:
            lock = " (locked)" if element in self.session.marks.locked else ""
            return f"Element {element + 1}{lock}"
        return str(part).capitalize()
