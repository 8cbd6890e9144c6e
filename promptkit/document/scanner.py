"""One pass over JSON text that builds nodes, forgives small slips, and gives up only when lost."""

from __future__ import annotations

import re
from typing import Final

from promptkit.document.edit import Edit
from promptkit.document.node import Flaw, Kind, Member, Node, shown
from promptkit.document.quotes import ODD_SPACE, PLAIN, QUOTES, Role
from promptkit.document.scalars import ELLIPSIS, WORD, read_scalar
from promptkit.document.strings import UnterminatedError, scan

MAX_DEPTH: Final = 64
"""Deeper than any caption or workflow, shallow enough for recursion."""

_SPACE = re.compile(r"[ \t\r\n]*")
_ODD_SPACE = re.compile(f"(?:{ODD_SPACE})+")
_COMMENT = re.compile(r"//[^\r\n]*|#[^\r\n]*|/\*.*?\*/", re.DOTALL)
_LINE_END = re.compile(r"[ \t]*(?P<line_break>\r?\n)")
_NO_COLON = re.compile(r'"(\w{1,40})"(?=[ \t]*[\[{]|[ \t]+["\d-])')
"""A key with a value right behind it."""
_FULL_WIDTH: Final = {"，": ",", "：": ":"}
_CLOSING: Final = {"{": "}", "[": "]", "(": ")"}


class SyntaxFlawError(Exception):
    """Where the text stops being readable, and why."""

    def __init__(self, start: int, end: int, message: str, *, slug: str = "invalid-json") -> None:
        super().__init__(message)
        self.flaw = Flaw(slug, start, end, message)


class Scanner:
    """Reads values from ``text[start:end]`` and collects ``flaws`` on the way."""

    def __init__(self, text: str, start: int = 0, end: int | None = None) -> None:
        self.text = text if end is None else text[:end]
        self.position = start
        self.flaws: list[Flaw] = []
        self.unclosed: list[Node] = []
        """What the end of the text left open, innermost first."""
        self._tuples = 0

    def skip(self) -> str:
        """Pass over space and comments; the character behind them, or '' at the end."""
        while True:
            self.position = _SPACE.match(self.text, self.position).end()  # type: ignore[union-attr]
            char = self.text[self.position : self.position + 1]
            if not char or (char < "\x7f" and char not in "/#\\\x0b\x0c"):
                return char
            if comment := _COMMENT.match(self.text, self.position):
                message = "JSON has no comments; remove it"
                title = "Remove the comment"
                start, end = comment.span()
                edits = (_removal(self.text, start, end),)
                flaw = Flaw("comment", start, end, message, edits, safe=False, fix_title=title)
                self.flaws.append(flaw)
                self.position = comment.end()
            elif space := _ODD_SPACE.match(self.text, self.position):
                name = "\\n" if char == "\\" else shown(space.group()[0])
                message = f"{name} is no space of JSON; use plain spaces"
                title = "Replace it by a space"
                self._forgive("odd-whitespace", *space.span(), message, " ", title=title)
                self.position = space.end()
            elif plain := _FULL_WIDTH.get(char):
                message = f"{shown(char)} separates nothing in JSON; write '{plain}'"
                end = self.position + 1
                title = f"Write '{plain}'"
                self._forgive("smart-quotes", self.position, end, message, plain, title=title)
                return plain
            else:
                return char

    def _next(self) -> str:
        return shown(self.text[self.position :].lstrip()[:1])

    def value(self, parent: Node | None = None, key: str | int = "", depth: int = 0) -> Node:
        """Read one value.

        Raises:
            SyntaxFlawError: where no value can be made out.
        """
        char = self.skip()
        if char == "{":
            return self._object(parent, key, depth)
        if char and char in "[(":
            return self._array(parent, key, depth)
        start = self.position
        if char in QUOTES:
            node = Node(Kind.STRING, start, start, parent, key)
            is_member = parent is not None and parent.kind is Kind.OBJECT
            node.value = self._string(Role.VALUE if is_member else Role.ITEM)
            node.end = self.position
            return node
        return self._scalar(char, parent, key)

    def _object(self, parent: Node | None, key: str | int, depth: int) -> Node:
        node = Node(Kind.OBJECT, self.position, self.position, parent, key)
        seen: dict[str, int] = {}
        self._open(depth)
        while self._more(node, "}"):
            start = self.position
            name = self._key()
            end = self.position
            if self.skip() != ":":
                raise self._lost(f"expected ':' after the key \"{name[:40]}\"")
            self.position += 1
            member = Member(name, start, end, self.value(node, name, depth + 1))
            node.members.append(member)
            if name in seen:
                self._duplicate(node, seen[name], member)
            seen[name] = len(node.members) - 1
        return node

    def _array(self, parent: Node | None, key: str | int, depth: int) -> Node:
        node = Node(Kind.ARRAY, self.position, self.position, parent, key)
        closing = _CLOSING[self.text[self.position]]
        is_tuple = closing == ")"
        self._tuples += is_tuple
        self._open(depth)
        while self._more(node, closing):
            node.items.append(self.value(node, len(node.items), depth + 1))
        self._tuples -= is_tuple
        if is_tuple:
            last = Edit(node.end - 1, node.end, "]")
            edits = (
                Edit(node.start, node.start + 1, "["),
                *([last] if self.unclosed == [] else []),
            )
            message = "a tuple in parentheses is no list of JSON; write brackets"
            title = "Write brackets"
            self.flaws.append(
                Flaw("python-literal", node.start, node.end, message, edits, fix_title=title)
            )
        return node

    def _open(self, depth: int) -> None:
        if depth >= MAX_DEPTH:
            message = f"nested more than {MAX_DEPTH} levels deep; a caption needs five"
            raise SyntaxFlawError(self.position, self.position + 1, message, slug="too-deep")
        self.position += 1

    def _more(self, node: Node, closing: str) -> bool:
        """Whether another member or item follows; settles commas, ends ``node`` if none does."""
        char = self.skip()
        first = not (node.members or node.items)
        comma = -1
        while char == ",":
            if first or comma >= 0:
                self._extra_comma(self.position)
            else:
                comma = self.position
            self.position += 1
            char = self.skip()
        if char in (closing, ""):
            if comma >= 0:
                self._extra_comma(comma)
            if char:
                self.position += 1
            else:
                self.unclosed.append(node)
            node.end = self.position
            return False
        if char in "}])":
            raise self._lost(f"'{char}' closes the {node.kind} where '{closing}' is expected")
        if comma < 0 and not first:
            last = node.members[-1].value.end if node.members else node.items[-1].end
            message = "a comma is missing here; add it"
            self._forgive("missing-comma", last, last, message, ",", title="Add the comma")
        return True

    def _extra_comma(self, position: int) -> None:
        message = "a comma with nothing behind it; remove it"
        title = "Remove the comma"
        self._forgive("trailing-comma", position, position + 1, message, "", title=title)

    def _duplicate(self, node: Node, earlier: int, later: Member) -> None:
        name = later.name[:40]
        message = f'the key "{name}" stands twice in this object, and only the last one counts'
        edits = (Edit(node.members[earlier].start, node.members[earlier + 1].start, ""),)
        title = "Remove the earlier one"
        self.flaws.append(
            Flaw(
                "duplicate-key",
                later.start,
                later.end,
                f"{message}; keep one",
                edits,
                safe=False,
                fix_title=title,
            )
        )

    def _key(self) -> str:
        char = self.text[self.position]
        if bare := _NO_COLON.match(self.text, self.position):
            # Taken for one long key with quotes in it, it would end at the next colon.
            self.position = bare.end()
            return bare.group(1)
        if char in QUOTES:
            return self._string(Role.KEY)
        word = WORD.match(self.text, self.position)
        if word is None:
            if ELLIPSIS.match(self.text, self.position):
                raise self._placeholder()
            raise self._lost(f"expected a key in double quotes, found {shown(char)}")
        name = word.group()
        message = f'the key {name[:40]} has no quotes; write "{name[:40]}"'
        self._forgive("unquoted-key", *word.span(), message, f'"{name}"', title="Quote the key")
        self.position = word.end()
        return name

    def _string(self, role: Role) -> str:
        if match := PLAIN.match(self.text, self.position):
            self.position = match.end()
            return match.group(1)
        try:
            literal = scan(self.text, self.position, role, in_tuple=self._tuples > 0)
        except UnterminatedError as error:
            if error.suspect is not None:
                self.position = error.suspect + 1
                raise self._lost(
                    f"expected ',' or ':' behind a string, found {self._next()}"
                ) from None
            message = "the string that opens here is never closed; add the missing quote"
            line_end = self.text.find("\n", self.position)
            end = line_end if line_end > 0 else len(self.text)
            raise SyntaxFlawError(self.position, end, message) from None
        self.flaws += literal.flaws
        self.position = literal.end
        return literal.value

    def _scalar(self, char: str, parent: Node | None, key: str | int) -> Node:
        scalar = read_scalar(self.text, self.position)
        if scalar is None:
            if word := WORD.match(self.text, self.position):
                found = word.group()[:40]
                raise self._lost(f"'{found}' has no quotes; a string stands in double quotes")
            if ELLIPSIS.match(self.text, self.position):
                raise self._placeholder()
            raise self._lost(f"expected a value, found {shown(char)}")
        node = Node(scalar.kind, self.position, scalar.end, parent, key)
        node.value = scalar.value
        self.flaws += [scalar.flaw] if scalar.flaw else []
        self.position = scalar.end
        return node

    def _forgive(
        self,
        slug: str,
        start: int,
        end: int,
        message: str,
        replacement: str,
        *,
        title: str,
        safe: bool = True,
    ) -> None:
        edits = (Edit(start, end, replacement),)
        self.flaws.append(Flaw(slug, start, end, message, edits, safe, title))

    def _placeholder(self) -> SyntaxFlawError:
        message = "'...' stands where the rest of the caption should be; write it out"
        return SyntaxFlawError(self.position, self.position + 1, message)

    def _lost(self, message: str) -> SyntaxFlawError:
        end = min(self.position + 1, len(self.text))
        return SyntaxFlawError(self.position, end, f"not JSON: {message}")


def _removal(text: str, start: int, end: int) -> Edit:
    """Take a comment away: with its line where it has one to itself, else with the space before."""
    before = text[:start].rstrip(" \t")
    behind = _LINE_END.match(text, end)
    if behind is None:
        return Edit(start, end, "")
    alone = not before or before.endswith("\n")
    return Edit(len(before), behind.end() if alone else behind.start("line_break"), "")
