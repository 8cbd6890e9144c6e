"""What parts of the screen tell each other; workers speak in these too and touch no widget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from promptkit.lint import Finding
    from promptkit.session import Part
    from promptkit.session.outline import Tokens


@dataclass
class Edited(Message):
    """The session's text has changed."""


@dataclass
class Selected(Message):
    """Something else is selected, or marked otherwise."""


@dataclass
class FieldEdited(Message):
    """A field of the form holds other words."""

    part: Part
    key: str
    value: str
    element: int | None
    """Which one the field showed when it was typed; by now another may be selected."""


@dataclass
class Refused(Message):
    """Something could not be done."""

    reason: str


@dataclass
class Pasted(Message):
    """Text that looks like a whole caption was pasted."""

    text: str


@dataclass
class Checked(Message):
    """A worker has linted a revision of the text."""

    revision: int
    findings: tuple[Finding, ...]


@dataclass
class Counted(Message):
    """A worker has counted the tokens of a revision of the text."""

    revision: int
    tokens: Tokens | None


@dataclass
class FindingChosen(Message):
    """The user wants to go to a finding."""

    index: int
