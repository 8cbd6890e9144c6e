"""The state of one open caption: the text, what it means, what is selected, and how it came about.

The text is the truth. Everything is done to it as edits, so that undo goes back exactly and the
file keeps its style; while it cannot be read, the last tree that could be stays visible.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from promptkit.document import Document, Edit, apply_edits, read
from promptkit.errors import PromptkitError
from promptkit.geometry import Size
from promptkit.lint import Finding, Options, Selection, lint
from promptkit.lint.view import CaptionView
from promptkit.session.disk import OnDisk
from promptkit.session.history import History, Step, difference, redone, undone
from promptkit.session.marks import Marks, Part

DEFAULT_SIZE: Final = Size(1024, 1024)


class NotEditableError(PromptkitError):
    """The caption cannot be changed by its parts as it stands; only its text can."""


@dataclass(frozen=True)
class Reading:
    """A text that could be read, and the caption in it."""

    document: Document

    @cached_property
    def view(self) -> CaptionView | None:
        """The first caption; None where there is none."""
        captions = self.document.captions
        return CaptionView(self.document, captions[0]) if captions else None

    @cached_property
    def places(self) -> dict[int, int]:
        """The place of every listed element by the identity of its node."""
        listed = self.view.listed if self.view else ()
        return {id(element): place for place, element in enumerate(listed)}


@dataclass
class Session:
    """One caption being edited. All changes go through ``apply`` or ``replace_text``."""

    text: str = ""
    disk: OnDisk | None = None
    """The file as it was last read or written; None for a caption without a file."""
    size: Size = DEFAULT_SIZE
    rules: Selection = field(default_factory=Selection)
    clock: Callable[[], float] = time.monotonic
    marks: Marks = field(default_factory=Marks)
    findings: tuple[Finding, ...] = ()
    revision: int = 0
    """Grows with every change of the text."""
    checked: int = -1
    """The revision that ``findings`` belong to."""
    history: History[Marks] = field(default_factory=History)

    def __post_init__(self) -> None:
        self.saved_text = self.text
        self.current = Reading(read(self.text))
        self.shown = self.current

    @property
    def path(self) -> Path | None:
        return self.disk.path if self.disk else None

    @property
    def dirty(self) -> bool:
        """Whether the text is not the file's."""
        return self.text != self.saved_text

    @property
    def unsaved(self) -> bool:
        """Whether closing would lose what the user has done; a mere beginning is nothing done."""
        return self.dirty and bool(self.history.past or self.history.future)

    @property
    def broken(self) -> bool:
        """Whether the text cannot be read; ``view`` is then that of the last text that could."""
        return self.current is not self.shown

    @property
    def view(self) -> CaptionView | None:
        """The caption to show."""
        return self.shown.view

    @property
    def options(self) -> Options:
        return Options(size=self.size)

    def editable(self) -> CaptionView:
        """The caption, if its parts can be changed now.

        Raises:
            NotEditableError: saying why not and what to do.
        """
        if self.broken or self.current.view is None:
            problem = "the JSON cannot be read as it stands; mend it in the JSON pane (F4 opens it)"
            raise NotEditableError(problem)
        if self.current.document.layered:
            message = "the caption stands inside an encoded string; fix that finding first"
            raise NotEditableError(message)
        if not self.current.view.node.members and self.current.view.node.kind != "object":
            raise NotEditableError("this is no caption but a bare value; paste a caption over it")
        return self.current.view

    def apply(
        self,
        edits: Iterable[Edit],
        label: str,
        *,
        tag: Hashable = None,
        marks: Marks | None = None,
    ) -> bool:
        """Make edits as one step of the history; False where they change nothing."""
        return self.replace_text(apply_edits(self.text, edits), label, tag=tag, marks=marks)

    def replace_text(
        self, text: str, label: str, *, tag: Hashable = None, marks: Marks | None = None
    ) -> bool:
        """Take over a whole new text as one step of the history."""
        before = self.marks
        if text == self.text:
            self.marks = marks or before
            return False
        old, self.text = self.text, text
        self._read()
        self.marks = (marks or before).within(self.count)
        start, removed, inserted = difference(old, text)
        step = Step(
            start, removed, inserted, before, self.marks, label, tag, self.clock()
        )  # fmt: skip
        self.history.record(old, step)
        return True

    def undo(self) -> str | None:
        """Go a step back; gives its label, None where there is none."""
        step = self.history.back()
        return self._travel(undone(self.text, step), step, step.before) if step else None

    def redo(self) -> str | None:
        """Go a step ahead again; gives its label, None where there is none."""
        step = self.history.forth()
        return self._travel(redone(self.text, step), step, step.after) if step else None

    @property
    def count(self) -> int:
        """How many elements the shown caption lists."""
        return len(self.view.listed) if self.view else 0

    def check(self) -> tuple[Finding, ...]:
        """Bring ``findings`` up to date, at once."""
        if self.checked != self.revision:
            self.accept(self.revision, self.lint())
        return self.findings

    def lint(self) -> tuple[Finding, ...]:
        """The findings of the text as it is now; changes nothing, so a thread may do it."""
        return tuple(lint(self.current.document, self.rules, self.options))

    def accept(self, revision: int, findings: Iterable[Finding]) -> bool:
        """Take findings over, unless the text has moved on."""
        if revision != self.revision:
            return False
        self.findings, self.checked = tuple(findings), revision
        return True

    def recheck(self) -> None:
        """Something besides the text has changed that findings depend on."""
        self.checked = -1

    def show(self, part: Part) -> None:
        """Select a part that is no element."""
        self.history.seal()
        self.marks = self.marks.showing(part)

    def select(self, *elements: int) -> None:
        """Select elements by their place in the list; the last is the main one."""
        self.history.seal()
        self.marks = self.marks.selecting(*(each for each in elements if 0 <= each < self.count))

    def _travel(self, text: str, step: Step[Any], marks: Marks) -> str:
        self.text = text
        self._read()
        self.marks = marks.within(self.count)
        return step.label

    def _read(self) -> None:
        self.revision += 1
        self.current = Reading(read(self.text))
        # Text that holds no caption keeps the last tree on the screen; text cleared on purpose
        # does not.
        if self.current.view is not None or not self.text.strip():
            self.shown = self.current
