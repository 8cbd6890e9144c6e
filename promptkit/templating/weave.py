"""From marked output to JSON text: each value goes in safely wherever the template wrote it.

Inside a string a value is escaped, elsewhere it keeps its type. Since values stand as marks until
the template's own quotes are known, no value can open or close anything.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise
from typing import Any, Final, NamedTuple

from jinja2.runtime import Undefined

from promptkit.document.edit import SURROGATE
from promptkit.templating.program import Expression, Piece, Program
from promptkit.templating.sandbox import LimitError, bounded
from promptkit.templating.variables import TemplateError

MAX_STEPS: Final = 20_000
"""Loop turns, filters and outputs of one rendering; a caption needs a few hundred."""
_TOO_MUCH: Final = f"more than {MAX_STEPS:,} steps; a caption needs a few hundred"
MAX_OUTPUT: Final = 1 << 20
"""Characters of a rendered caption."""


class Run:
    """What one rendering has printed so far, and how much work it has done."""

    def __init__(self, program: Program) -> None:
        self.marks = program.marks
        self.values: list[tuple[Any, int]] = []
        self.steps = 0

    def emit(self, value: Any, expression: int) -> str:
        """Take a printed value; gives the mark that stands for it."""
        if isinstance(value, Undefined):
            str(value)  # Strict: raises, in Jinja's own words.
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise LimitError(_TOO_MUCH)
        self.values.append((value, expression))
        return self.marks.value(len(self.values) - 1)

    def spend(self, value: Any, filtered_by: str = "", steps: int = 1) -> Any:
        """Count work; gives ``value`` back unless the work or the value is too large."""
        self.steps += steps
        if self.steps > MAX_STEPS:
            raise LimitError(_TOO_MUCH)
        if filtered_by and isinstance(value, str) and self.marks.opening in value:
            raise LimitError(f"'{filtered_by}' stands on a whole block; put it on the values in it")
        if filtered_by and hasattr(value, "__next__"):
            # "map" and its like give what can be read once: a second use would find nothing.
            value = list(value)
        return bounded(value)


class Segment(NamedTuple):
    """A stretch of the rendered text and where it comes from."""

    start: int
    line: int
    """Line of the template's body."""
    names: tuple[str, ...] | None
    """The variables of the expression; None for literal text of the template."""


@dataclass
class Woven:
    """Rendered JSON text that knows where each of its characters comes from."""

    parts: list[str]
    sources: list[Piece | Expression]
    """What each part comes from."""
    steps: int
    """How much work it took."""

    @cached_property
    def text(self) -> str:
        return "".join(self.parts)

    @cached_property
    def segments(self) -> list[Segment]:
        """The parts by their places; seldom asked for."""
        starts = accumulate(map(len, self.parts), initial=0)
        return [
            Segment(start, source.line, None if isinstance(source, Piece) else source.names)
            for start, source in zip(starts, self.sources, strict=False)
        ]

    @property
    def stretches(self) -> list[str]:
        """The text, cut where the template is."""
        cuts = [n for n, each in enumerate(self.sources) if isinstance(each, Piece) and each.cut]
        edges = [0, *cuts, len(self.parts)]
        return ["".join(self.parts[start:end]) for start, end in pairwise(edges)]

    def origin(self, offset: int) -> tuple[int, tuple[str, ...]]:
        """The body's line, and the variables, behind the character at ``offset``."""
        index = bisect_right([segment.start for segment in self.segments], offset) - 1
        segment = self.segments[max(index, 0)]
        if segment.names is not None:
            return segment.line, segment.names
        return segment.line + self.text.count("\n", segment.start, offset), ()

    def names_within(self, start: int, end: int) -> tuple[str, ...]:
        """The variables printed anywhere in ``text[start:end]``."""
        names: dict[str, None] = {}
        for position, segment in enumerate(self.segments):
            last = position + 1 == len(self.segments)
            behind = len(self.text) if last else self.segments[position + 1].start
            if segment.start < end and behind > start and segment.names:
                names |= dict.fromkeys(segment.names)
        return tuple(names)


def weave(program: Program, marked: Iterable[str], run: Run, *, as_text: bool = False) -> Woven:
    """Put pieces and values in place of their marks; ``as_text`` writes the values plainly.

    Raises:
        TemplateError: for a value that cannot stand where it is written.
    """
    loom = _Loom(program, run, as_text=as_text)
    pieces, numbers = program.by_mark, program.marks.numbers
    for part in marked:
        if part in pieces:
            loom.add_piece(pieces[part])
        elif part in numbers:
            loom.add_value(numbers[part])
        elif part:
            loom.walk(part, None)
    return Woven(loom.parts, loom.sources, run.steps)


class _Loom:
    """What has been woven so far, and what stands open at its end."""

    def __init__(self, program: Program, run: Run, *, as_text: bool) -> None:
        self.program = program
        self.run = run
        self.as_text = as_text
        self.parts: list[str] = []
        self.sources: list[Piece | Expression] = []
        self.length = 0
        self.inside = False
        """Whether a string is open."""
        self.comma: tuple[int, int] | None = None
        """The part, and the place in it, of a comma with nothing but space behind it."""

    def walk(self, marked: str, origin: Expression | None) -> None:
        """Weave a marked text; ``origin`` is the expression that printed it."""
        program = self.program
        for kind, rest in _marked_parts(program, marked, origin):
            if kind == "T":
                self.add_piece(program.pieces[int(rest)])
            else:
                self.add_value(int(rest))

    def add_value(self, number: int) -> None:
        """Add the printed value of this number."""
        value, index = self.run.values[number]
        expression = self.program.expressions[index]
        if isinstance(value, str) and self.program.marks.opening in value:
            # A block that was captured: template text again, not a value.
            self.walk(value, expression)
            return
        written = _plain if self.as_text else _inside if self.inside else _encoded
        self.put(written(value, expression), expression)
        self.comma = None

    def add_piece(self, piece: Piece) -> None:
        """Add literal text, and take back the comma that it shows to be a trailing one."""
        if self.as_text:
            self.put(piece.text, piece)
            return
        literal = piece.inside if self.inside else piece.outside
        if literal.dangling:
            raise TemplateError(f"line {piece.line}: a backslash stands before a value")
        if self.comma and literal.closes:
            part, place = self.comma
            before = self.parts[part]
            self.parts[part] = f"{before[:place]} {before[place + 1 :]}"
        if literal.comma >= 0:
            self.comma = (len(self.parts), literal.comma)
        elif not literal.blank:
            self.comma = None
        self.put(literal.text, piece)
        self.inside = literal.inside

    def put(self, text: str, source: Piece | Expression) -> None:
        """Add text that comes from ``source``."""
        self.sources.append(source)
        self.parts.append(text)
        self.length += len(text)
        if self.length > MAX_OUTPUT:
            raise TemplateError(f"the rendered caption grows beyond {MAX_OUTPUT:,} characters")


def _marked_parts(
    program: Program, marked: str, origin: Expression | None
) -> list[tuple[str, str]]:
    opening = program.marks.opening
    found: list[tuple[str, str]] = _mark(opening).findall(marked)
    known = sum(len(number) for _, number in found) + (len(opening) + 2) * len(found)
    if known != len(marked):
        line = origin.line if origin else 1
        raise TemplateError(
            f"line {line}: a filter stands on a whole block; put it on the values in it"
        )
    return found


@lru_cache(maxsize=64)
def _mark(opening: str) -> re.Pattern[str]:
    return re.compile(re.escape(opening) + r"([TV])(\d+);")


def _plain(value: Any, _: Expression) -> str:
    return str(value)


def _inside(value: Any, expression: Expression) -> str:
    if isinstance(value, str):
        return _encoded(value, expression)[1:-1]
    if isinstance(value, (bool, int, float)):
        return _encoded(value, expression)
    if isinstance(value, Undefined):
        return ""  # An inline "if" that does not hold and has no "else".
    kind = "nothing (none)" if value is None else f"a {type(value).__name__}"
    hint = "; join it first, e.g. with |join(', ')" if isinstance(value, (list, tuple)) else ""
    raise TemplateError(f"{_called(expression)} is {kind} and stands inside a string{hint}")


_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def _encoded(value: Any, expression: Expression) -> str:
    if type(value) is list and all(type(item) is int for item in value):
        return str(value)  # A box, as JSON has it too; most lists are, and json takes its time.
    try:
        text = _ENCODE(value)
    except (TypeError, ValueError) as error:
        raise TemplateError(f"{_called(expression)} cannot be written as JSON: {error}") from error
    if not text.isascii() and SURROGATE.search(text):
        raise TemplateError(
            f"{_called(expression)} holds half of a character (a lone surrogate), which no file "
            "can hold; write the whole character"
        )
    return text


def _called(expression: Expression) -> str:
    names = ", ".join(f"'{name}'" for name in expression.names) or "an expression"
    return f"line {expression.line}: {names}"
