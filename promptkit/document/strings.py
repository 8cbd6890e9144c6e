"""String literals: the strict ones at full speed, and the ones people write instead."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from promptkit.document.edit import Edit, json_string
from promptkit.document.escapes import read_escape
from promptkit.document.node import Flaw
from promptkit.document.quotes import QUOTES, Role, closes

_ORDINARY = re.compile(r"""[^"'`\\\x00-\x1f“”„‘’]+""")
_MAX_UNESCAPED: Final = 100
"""A string with more unescaped quotes than this is no string but a file that lost its way."""
_TITLES: Final = {
    "control-character": "Write it as an escape",
    "invalid-escape": "Write what the escape stands for",
    "literal-escape": "Write the characters themselves",
    "unescaped-quote": "Escape the quotes",
    "unicode-escape": "Write the characters themselves",
}


class Literal(NamedTuple):
    """A decoded string literal that ends before ``text[end]``."""

    value: str
    end: int
    flaws: tuple[Flaw, ...]


class UnterminatedError(Exception):
    """A literal that no quote closes.

    ``suspect`` is where a quote stands that would close it if something else stood behind.
    """

    def __init__(self, suspect: int | None = None) -> None:
        super().__init__()
        self.suspect = suspect


class _CurlyEndError(Exception):
    """A straight quote too many, behind a curly one that might have closed the literal."""

    def __init__(self, end: int) -> None:
        super().__init__()
        self.end = end


@dataclass(slots=True)
class _Slips:
    """The slips of one kind in one literal, which make one flaw."""

    start: int
    end: int
    message: str
    safe: bool
    edits: list[Edit] = field(default_factory=list)
    count: int = 0


def scan(text: str, start: int, role: Role, *, in_tuple: bool = False) -> Literal:
    """Read the literal that opens at ``text[start]``, with whatever quotes it was written.

    Raises:
        UnterminatedError: if it does not end.
    """
    try:
        return _LiteralScan(text, start, role, in_tuple).read()
    except _CurlyEndError as error:
        return _LiteralScan(text, start, role, in_tuple, error.end).read()


def decode(text: str, start: int, end: int) -> tuple[str, list[int]]:
    """Decode ``text[start:end]`` as the inside of a literal; what is no escape stays as it is.

    Also gives where each decoded character is written, and at last ``end``.
    """
    characters: list[str] = []
    offsets: list[int] = []
    position = start
    while position < end:
        value, width = text[position], 1
        if value == "\\":
            escape = read_escape(text, position)
            value, width = escape.value, escape.width
        characters.append(value)
        offsets += [position] * len(value)
        position += width
    return "".join(characters), [*offsets, end]


class _LiteralScan:
    def __init__(
        self, text: str, start: int, role: Role, in_tuple: bool, end: int | None = None
    ) -> None:
        self._text = text
        self._start = start
        self._role = role
        self._in_tuple = in_tuple
        self._end = end
        self._curly: int | None = None
        self._opening = text[start]
        self._quote_edits: list[Edit] = []
        self._slips: dict[tuple[str, bool], _Slips] = {}

    def read(self) -> Literal:
        text, parts = self._text, []
        position = self._start + 1
        while True:
            if run := _ORDINARY.match(text, position):
                parts.append(run.group())
                position = run.end()
            char = text[position : position + 1]
            if not char:
                raise UnterminatedError(self._suspect())
            if self._ends(char, position):
                break
            if char == "\\":
                char, width = self._escape(position)
            else:
                width = 1
                self._unescaped(char, position)
            parts.append(char)
            position += width
        if {("control-character", True), ("unescaped-quote", False)} <= self._slips.keys():
            # A lost closing quote swallows lines and the quotes on them; guessing would spread it.
            raise UnterminatedError
        flaws = [self._flaw(slug, slips) for (slug, _), slips in self._slips.items()]
        if self._opening != '"' or text[position] != '"':
            flaws.append(self._foreign_quotes(position + 1))
        return Literal("".join(parts), position + 1, tuple(flaws))

    def _ends(self, char: str, position: int) -> bool:
        if self._end is not None:
            return position == self._end
        if char in QUOTES[self._opening]:
            doubt = ("unescaped-quote", False) in self._slips
            return closes(
                self._text, position + 1, self._role, in_doubt=doubt, in_tuple=self._in_tuple
            )
        if (
            char in "”“"
            and self._curly is None
            and self._role.value.match(self._text, position + 1)
        ):
            self._curly = position
        return False

    def _suspect(self) -> int | None:
        slips = self._slips.get(("unescaped-quote", False))
        broken = self._slips.get(("control-character", True))
        if slips is None or (broken and broken.start < slips.start):
            return None
        return slips.start

    def _escape(self, position: int) -> tuple[str, int]:
        escape = read_escape(self._text, position)
        end = position + escape.width
        if escape.slug == "invalid-escape" and escape.value == self._opening:
            # \' is right between single quotes, and goes when they go.
            self._quote_edits.append(Edit(position, end, escape.value))
        elif escape.slug:
            edit = None if escape.edit is None else Edit(position, end, escape.edit)
            self._slip(escape.slug, position, end, escape.message, edit, safe=escape.safe)
        return escape.value, escape.width

    def _unescaped(self, char: str, position: int) -> None:
        if char < " ":
            escape = json_string(char)[1:-1]
            message = f"a raw control character stands in a string; write {escape}"
            edit = Edit(position, position + 1, escape)
            self._slip("control-character", position, position + 1, message, edit)
        elif char == '"' and self._opening == '"':
            if self._curly is not None:
                raise _CurlyEndError(self._curly)
            message = 'a double quote inside a string is not escaped; write \\" or single quotes'
            edit = Edit(position, position + 1, '\\"')
            self._slip("unescaped-quote", position, position + 1, message, edit, safe=False)
            if self._slips["unescaped-quote", False].count > _MAX_UNESCAPED:
                raise UnterminatedError
        elif char == '"':
            self._quote_edits.append(Edit(position, position + 1, '\\"'))

    def _slip(
        self, slug: str, start: int, end: int, message: str, edit: Edit | None, *, safe: bool = True
    ) -> None:
        slips = self._slips.setdefault((slug, safe), _Slips(start, end, message, safe))
        slips.count += 1
        slips.edits += [edit] if edit else []

    def _flaw(self, slug: str, slips: _Slips) -> Flaw:
        message = slips.message
        if slips.count > 1:
            place, _, mend = message.partition("; ")
            message = f"{place}, one of {slips.count} in this string; {mend}"
        edits = tuple(slips.edits)
        return Flaw(slug, slips.start, slips.end, message, edits, slips.safe, _TITLES.get(slug, ""))

    def _foreign_quotes(self, end: int) -> Flaw:
        slug, kind = "smart-quotes", "typographic quotes"
        if self._opening in "'`":
            slug = "single-quotes"
            kind = "single quotes" if self._opening == "'" else "backticks"
        edits = [
            Edit(self._start, self._start + 1, '"'),
            *self._quote_edits,
            Edit(end - 1, end, '"'),
        ]
        message = f'a string stands in {kind}; JSON wants straight double quotes "…"'
        # Where it ended was a guess if straight quotes went on behind it.
        safe = self._end is None
        return Flaw(slug, self._start, end, message, tuple(edits), safe, "Use double quotes")
