"""The past of a text as the edits that made it: undo, redo, and typing that counts as one step."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

COALESCE_SECONDS: Final = 1.0
"""A pause longer than this ends a step."""
MAX_STEPS: Final = 2_000

Marks = TypeVar("Marks")


@dataclass(frozen=True, slots=True)
class Step(Generic[Marks]):
    """One change: ``removed`` at ``start`` became ``inserted``."""

    start: int
    removed: str
    inserted: str
    before: Marks
    """What the editor remembered besides the text before the change, and after it."""
    after: Marks
    label: str
    tag: Hashable
    """Changes with the same tag in quick succession are one; None never merges."""
    seconds: float


@dataclass(slots=True)
class History(Generic[Marks]):
    """Steps behind and steps ahead."""

    past: list[Step[Marks]] = field(default_factory=list)
    future: list[Step[Marks]] = field(default_factory=list)

    def record(self, old: str, step: Step[Marks]) -> None:
        """Take in a step that was made on the text ``old``; what lay ahead is gone."""
        self.future.clear()
        last = self.past[-1] if self.past else None
        if last and _continues(last, step):
            self.past[-1] = _merged(last, step, old)
        else:
            self.past.append(step)
        del self.past[:-MAX_STEPS]

    def seal(self) -> None:
        """Let the next step stand for itself, however soon it comes."""
        if self.past and self.past[-1].tag is not None:
            last = self.past[-1]
            self.past[-1] = Step(
                last.start, last.removed, last.inserted, last.before, last.after, last.label,
                None, last.seconds,
            )  # fmt: skip

    def back(self) -> Step[Marks] | None:
        """Go one step back; the caller undoes it."""
        if not self.past:
            return None
        self.future.append(self.past.pop())
        return self.future[-1]

    def forth(self) -> Step[Marks] | None:
        """Go one step ahead; the caller makes it again."""
        if not self.future:
            return None
        self.past.append(self.future.pop())
        return self.past[-1]


def difference(old: str, new: str) -> tuple[int, str, str]:
    """Where two texts begin to differ, what the old one has there, and what the new one."""
    start = _common(old, new)
    room = min(len(old), len(new)) - start
    tail = _common_tail(old, new, room)
    return start, old[start : len(old) - tail], new[start : len(new) - tail]


def undone(text: str, step: Step[Marks]) -> str:
    """The text before ``step``, from the one after it."""
    return text[: step.start] + step.removed + text[step.start + len(step.inserted) :]


def redone(text: str, step: Step[Marks]) -> str:
    """The text after ``step``, from the one before it."""
    return text[: step.start] + step.inserted + text[step.start + len(step.removed) :]


def _continues(last: Step[Marks], step: Step[Marks]) -> bool:
    return (
        step.tag is not None
        and step.tag == last.tag
        and step.seconds - last.seconds <= COALESCE_SECONDS
    )


def _merged(last: Step[Marks], step: Step[Marks], old: str) -> Step[Marks]:
    start, removed, inserted = difference(undone(old, last), redone(old, step))
    return Step(
        start, removed, inserted, last.before, step.after, step.label, step.tag, step.seconds
    )


def _common(old: str, new: str) -> int:
    """Length of the common beginning; halving, so that comparing is done by slices."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_tail(old: str, new: str, room: int) -> int:
    low, high = 0, room
    while low < high:
        middle = (low + high + 1) // 2
        if old[len(old) - middle :] == new[len(new) - middle :]:
            low = middle
        else:
            high = middle - 1
    return low
