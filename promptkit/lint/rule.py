"""What a rule is: a code, a slug, a page, and a function that yields problems.

A rule is one module in ``promptkit.lint.rules`` whose docstring is its page and whose ``RULE`` is
listed in ``promptkit.lint.registry``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from promptkit.document import Document, Flaw, Node
from promptkit.geometry import Size
from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.view import CaptionView, ElementView


@dataclass(frozen=True, slots=True)
class Options:
    """What rules may depend on besides the text."""

    size: Size | None = None
    """The picture's size; None leaves the rules that need it at their size-free part."""
    tokenizer: Path | None = None
    """A ``tokenizer.json`` or a checkpoint's folder to count tokens with; None takes the vocabulary
    of the ``tokens`` extra, or a bound where that is not installed."""


class Problem(NamedTuple):
    """What a rule yields: where, what and what to do, and how to mend it."""

    at: Node | tuple[int, int]
    """The node concerned, or a span of the text."""
    message: str
    fix: Fix | None = None
    node: Node | None = None
    """The node whose pointer is meant, where ``at`` is a span inside or beside it."""


class Group(StrEnum):
    """The hundreds of the codes."""

    READING = "1"
    SCHEMA = "2"
    LAYOUT = "3"
    TEXT = "4"
    STYLE = "5"
    WORDING = "6"
    BUDGET = "7"


class Scope(StrEnum):
    """How much of a caption decides what a rule says of it.

    It lets ``Linter`` pass over what it has seen before. The parts of a caption are its elements,
    each by itself, and its frame: all the rest.
    """

    PART = "part"
    """What is said of a part follows from that part alone."""
    FRAMED = "framed"
    """What is said of an element follows from that element and the frame."""
    ELEMENTS = "elements"
    """From the list of elements, whatever the frame and their colours."""
    LENGTH = "length"
    """From the count of tokens; nothing is said of a caption that is not near the limit."""
    CAPTION = "caption"
    """From anything in it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Exactly one of ``caption``, ``document`` and ``flaw`` is its check."""

    code: str
    slug: str
    severity: Severity
    page: str
    """Markdown: a first sentence, why, ``Bad:`` and ``Good:`` examples, the measured rate."""
    caption: Callable[[CaptionView, Options], Iterable[Problem]] | None = None
    """Called once for every caption in the file."""
    document: Callable[[Document, Options], Iterable[Problem]] | None = None
    """Called once for the file."""
    flaw: bool = False
    """The reader itself reports it, as a ``Flaw`` with this rule's slug."""
    scope: Scope = Scope.CAPTION
    """In a caption whose keys are all of the schema and at their place."""
    concerns: Callable[[ElementView], bool] | None = None
    """With the scope ``FRAMED``: whether there is a frame in which it speaks of an element."""
    default: bool = True
    """Whether it runs without being selected; infos do not."""

    @property
    def group(self) -> Group:
        return Group(self.code[1])

    @property
    def summary(self) -> str:
        """The page's first sentence, on one line."""
        paragraph = self.page.strip().split("\n\n", 1)[0]
        return " ".join(paragraph.split())


def flaw_problem(flaw: Flaw) -> Problem:
    """The problem that a reader's flaw is."""
    fix = None
    if flaw.edits:
        safety = Safety.SAFE if flaw.safe else Safety.UNSAFE
        fix = Fix(flaw.fix_title, flaw.edits, safety)
    return Problem((flaw.start, flaw.end), flaw.message, fix)
