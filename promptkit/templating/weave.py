"""From marked output to JSON text: each value goes in safely wherever the template wrote it.

Inside a string a value is escaped, elsewhere it keeps its type. Since values stand as marks until
the template's own quotes are known, no value can open or close anything.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NamedTuple

from jinja2.runtime import Undefined

from promptkit.document.edit import SURROGATE
from promptkit.templating.program import Expression, Piece, Program
from promptkit.templating.sandbox import LimitError, Meter, bounded
from promptkit.templating.variables import TemplateError

MAX_STEPS: Final = 20_000
"""Loop turns, filters and outputs of one rendering; a caption needs a few hundred."""
MAX_OUTPUT: Final = 1 << 20
"""Characters of a rendered caption."""

_QUOTED = re.compile(r'(?:[^"\\]|\\.)*("|\Z)', re.DOTALL)
_UNQUOTED = re.compile(r'[^"]*("|\Z)')
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_DANGLING = re.compile(r"(?<!\\)(?:\\\\)*\\\Z")


class Run(Meter):
    """What one rendering has printed so far, and how much work it has done."""

    def __init__(self, program: Program) -> None:
        self.marks = program.marks
        self.values: list[tuple[Any, int]] = []
        self.steps = 0

    def emit(self, value: Any, expression: int) -> str:
        """Take a printed value; gives the mark that stands for it."""
        if isinstance(value, Undefined):
            str(value)  # Strict: raises, in Jinja's own words.
        self.spend(None)
        self.values.append((value, expression))
        return self.marks.value(len(self.values) - 1)

    def spend(self, value: Any, filtered_by: str = "", steps: int = 1) -> Any:
        """Count work; gives ``value`` back unless the work or the value is too large."""
        self.steps += steps
        if self.steps > MAX_STEPS:
            raise LimitError(f"more than {MAX_STEPS:,} steps; a caption needs a few hundred")
        if filtered_by and isinstance(value, str) and self.marks.opening in value:
            raise LimitError(f"'{filtered_by}' stands on a whole block; put it on the values in it")
        return bounded(value)


class Segment(NamedTuple):
    """A stretch of the rendered text and where it comes from."""

    start: int
    line: int
    """Line of the template's body."""
    names: tuple[str, ...] | None
    """The variables of the expression; None for literal text of the template."""


@dataclass(slots=True)
class Woven:
    """Rendered JSON text that knows where each of its characters comes from."""

    text: str = ""
    segments: list[Segment] = field(default_factory=list)

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


def weave(program: Program, marked: str, run: Run, *, as_text: bool = False) -> Woven:
    """Put pieces and values in place of their marks; ``as_text`` writes the values plainly.

    Raises:
        TemplateError: for a value that cannot stand where it is written.
    """
    loom = _Loom(program, run, as_text=as_text)
    loom.walk(marked, None)
    return Woven("".join(loom.parts), loom.segments)


class _Loom:
    """What has been woven so far, and what stands open at its end."""

    def __init__(self, program: Program, run: Run, *, as_text: bool) -> None:
        self.program = program
        self.run = run
        self.as_text = as_text
        self.parts: list[str] = []
        self.segments: list[Segment] = []
        self.length = 0
        self.inside = False
        """Whether a string is open."""
        self.comma: tuple[int, int] | None = None
        """The part, and the place in it, of a comma with nothing but space behind it."""

    def walk(self, marked: str, origin: Expression | None) -> None:
        """Weave a marked text; ``origin`` is the expression that printed it."""
        program, opening = self.program, self.program.marks.opening
        for kind, rest in _marked_parts(program, marked, origin):
            if kind == "T":
                self.add_piece(program.pieces[int(rest)])
                continue
            value, index = self.run.values[int(rest)]
            expression = program.expressions[index]
            if isinstance(value, str) and opening in value:
                # A block that was captured: template text again, not a value.
                self.walk(value, expression)
                continue
            written = _plain if self.as_text else _inside if self.inside else _encoded
            self.put(written(value, expression), expression.line, expression.names)
            self.comma = None

    def add_piece(self, piece: Piece) -> None:
        """Add literal text, and take back the comma that it shows to be a trailing one."""
        if self.as_text:
            self.put(piece.text, piece.line, None)
            return
        literal = _literal(piece.text, inside=self.inside)
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
        self.put(literal.text, piece.line, None)
        self.inside = literal.inside

    def put(self, text: str, line: int, names: tuple[str, ...] | None) -> None:
        """Add text that comes from ``line``."""
        self.segments.append(Segment(self.length, line, names))
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


class _Literal(NamedTuple):
    """Literal text of a template, read once for all renderings."""

    text: str
    """With a space in place of each trailing comma."""
    inside: bool
    """Whether a string is open at its end."""
    closes: bool
    """Whether it begins with a closing bracket, outside of strings."""
    comma: int
    """Where the comma stands with which it ends, not counting spaces; -1 for none."""
    blank: bool
    dangling: bool
    """Whether it ends inside a string and with half an escape."""


@lru_cache(maxsize=4096)
def _literal(text: str, *, inside: bool) -> _Literal:
    parts: list[str] = []
    closes = not inside and text.lstrip()[:1] in ("}", "]")
    position, comma = 0, -1
    while position < len(text):
        found = (_QUOTED if inside else _UNQUOTED).match(text, position)
        part = found.group() if found else text[position:]
        if not inside:
            part = _TRAILING_COMMA.sub(" ", part)
            bare = part.rstrip()
            comma = position + len(bare) - 1 if bare.endswith(",") else -1
        else:
            comma = -1
        parts.append(part)
        position += len(part)
        if found and found.group(1):
            inside = not inside
    dangling = inside and _DANGLING.search(text) is not None
    return _Literal("".join(parts), inside, closes, comma, not text.strip(), dangling)


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
