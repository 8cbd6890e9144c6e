"""What a rule found: a frozen value. How it looks on a screen is ``promptkit.report``'s matter."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from promptkit.document import Edit


class Severity(StrEnum):
    """How bad a finding is; errors and warnings make ``lint`` exit with 1, infos do not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Safety(StrEnum):
    """Whether a fix keeps the caption's meaning (safe) or guesses it (unsafe)."""

    SAFE = "safe"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits of the text that mend a finding."""

    title: str
    """What the fix does, in the imperative."""
    edits: tuple[Edit, ...]
    safety: Safety = Safety.SAFE


class Place(NamedTuple):
    """Where a finding stands: from 1, columns in code points, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake at one place."""

    code: str
    slug: str
    severity: Severity
    message: str
    """What is wrong and what to do, in one sentence that starts in lower case."""
    pointer: str
    """RFC 6901 pointer of the value concerned; empty for the whole file."""
    start: int
    end: int
    place: Place
    fix: Fix | None = None
