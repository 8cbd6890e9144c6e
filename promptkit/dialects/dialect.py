"""What a dialect is: a name, a line that says what it reads, a test, and a change of a draft.

A dialect is one module in ``promptkit.dialects.forms`` whose docstring begins with that line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from promptkit.dialects.draft import Draft


@dataclass(frozen=True, slots=True)
class Dialect:
    """One foreign form."""

    name: str
    page: str
    detect: Callable[[Draft], bool]
    """Whether the draft is written so; never true of a caption in the trained form."""
    apply: Callable[[Draft], None]
    """Changes the draft and notes each change; what cannot be changed becomes a problem."""
    excludes: frozenset[str] = field(default=frozenset())
    """Dialects that are not looked for when this one is asked for by name."""

    @property
    def summary(self) -> str:
        """The page's first sentence, on one line."""
        return " ".join(self.page.strip().split("\n\n", 1)[0].split())
