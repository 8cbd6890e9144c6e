"""The nouns of a document: nodes with their spans, and the flaws the reader forgave."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Final, NamedTuple, cast

from promptkit.document.edit import Edit


class Kind(StrEnum):
    """What a JSON value is."""

    OBJECT = "object"
    ARRAY = "array"
    STRING = "string"
    NUMBER = "number"
    BOOLEAN = "boolean"
    NULL = "null"


class Member:
    """One ``"name": value`` of an object."""

    __slots__ = ("end", "name", "start", "value")

    def __init__(self, name: str, start: int, end: int, value: Node) -> None:
        self.name = name
        self.start = start
        """Where the key's opening quote stands; the value ends the member at ``value.end``."""
        self.end = end
        """Just behind the key's closing quote."""
        self.value = value


_OBJECT: Final = Kind.OBJECT
_ARRAY: Final = Kind.ARRAY
"""Python 3.11 takes longer to look up an enum's member than to make half a node."""
_NONE: Final = cast("list[Any]", ())
"""What most nodes have of members and items: one for all, and nothing can be added to it."""


class Node:
    """A JSON value and its span ``text[start:end]``.

    ``value`` is the decoded scalar (None for containers); ``members`` and ``items`` are filled for
    objects and arrays alone. Duplicate keys are all kept, in order.
    """

    __slots__ = ("end", "items", "key", "kind", "members", "parent", "start", "value")

    def __init__(
        self, kind: Kind, start: int, end: int, parent: Node | None, key: str | int
    ) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.parent = parent
        self.key = key
        self.value: str | int | float | bool | None = None
        self.members: list[Member] = [] if kind is _OBJECT else _NONE
        self.items: list[Node] = [] if kind is _ARRAY else _NONE

    @property
    def pointer(self) -> str:
        """RFC 6901 JSON Pointer from the file's root."""
        names: list[str] = []
        node: Node | None = self
        while node is not None and node.parent is not None:
            names.append(str(node.key).replace("~", "~0").replace("/", "~1"))
            node = node.parent
        return "".join(f"/{name}" for name in reversed(names))

    def member(self, name: str) -> Member | None:
        """The member that counts: of duplicates the last, as every JSON parser has it."""
        for member in reversed(self.members):
            if member.name == name:
                return member
        return None

    def get(self, name: str) -> Node | None:
        """The value of ``name``, or None where this is no object or has no such key."""
        member = self.member(name)
        return member.value if member else None

    def string(self) -> str | None:
        """The decoded text, or None where this is no string."""
        return self.value if isinstance(self.value, str) else None

    def walk(self) -> Iterator[Node]:
        """This node and everything below it, in the order of the text."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            if node.members:
                stack += [member.value for member in reversed(node.members)]
            elif node.items:
                stack += reversed(node.items)


def plain(node: Node) -> Any:
    """The node as Python data, as ``json.loads`` would give it."""
    if node.kind is Kind.OBJECT:
        return {member.name: plain(member.value) for member in node.members}
    if node.kind is Kind.ARRAY:
        return [plain(item) for item in node.items]
    return node.value


def shown(char: str) -> str:
    """A character as a message can show it."""
    if not char:
        return "the end of the file"
    if not char.isprintable():
        return f"U+{ord(char):04X}"
    return f"'{char}'" if char.isascii() else f"'{char}' (U+{ord(char):04X})"


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something in the text that strict JSON, or a plain caption file, would not have.

    ``slug`` is that of the lint rule which explains it. ``edits`` mend it; ``safe`` says that they
    lose nothing and guess nothing.
    """

    slug: str
    start: int
    end: int
    message: str
    edits: tuple[Edit, ...] = ()
    safe: bool = True
    fix_title: str = ""


class Position(NamedTuple):
    """A place as editors count it: both from 1, columns in code points."""

    line: int
    column: int


@dataclass(frozen=True)
class Document:
    """A file's text, the values in it, and the captions among them."""

    text: str
    roots: tuple[Node, ...] = ()
    """The top-level values: one in a well-formed file, none where the text cannot be read."""
    captions: tuple[Node, ...] = ()
    """The values that stand as captions; empty where the text broke off before its end."""
    flaws: tuple[Flaw, ...] = field(default=())
    layered: bool = False
    """Whether the captions stand inside an encoded string: spans then point at what encodes them,
    and edits of them are not possible until that layer is gone."""

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        while (newline := self.text.find("\n", starts[-1])) >= 0:
            starts.append(newline + 1)
        return starts

    def position(self, offset: int) -> Position:
        """Line and column of an offset."""
        line = bisect_right(self._line_starts, offset)
        return Position(line, offset - self._line_starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """The text of a line, without its line break."""
        start = self._line_starts[number - 1]
        end = self._line_starts[number] if number < len(self._line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def find(self, pointer: str) -> Node | None:
        """The node at an RFC 6901 pointer, or None."""
        if not self.roots:
            return None
        node = self.roots[0]
        for token in pointer.split("/")[1:]:
            name = token.replace("~1", "/").replace("~0", "~")
            if node.kind is Kind.ARRAY and name.isdecimal() and int(name) < len(node.items):
                node = node.items[int(name)]
                continue
            member = node.member(name)
            if member is None:
                return None
            node = member.value
        return node
