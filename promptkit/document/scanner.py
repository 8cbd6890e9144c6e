"""One pass over JSON text that builds nodes, forgives small slips, and gives up only when lost."""

from __future__ import annotations

import re
from typing import Final

from promptkit.document.edit import Edit
from promptkit.document.node import Flaw, Kind, Member, Node
from promptkit.document.strings import PLAIN, QUOTES, UnterminatedError, scan

MAX_DEPTH: Final = 64
"""Deeper than any caption or workflow, shallow enough for recursion."""

_SPACE = re.compile(r"[ \t\r\n]*")
_ODD_SPACE = re.compile(
    "[\u00a0\u1680\u2000-\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff\x0b\x0c]+"
)
_COMMENT = re.compile(r"//[^\n]*|#[^\n]*|/\*.*?\*/", re.DOTALL)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])")
_LOOSE_NUMBER = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?([eE][+-]?\d+)?(?![\w.])")
_WORD = re.compile(r"-?[^\W\d][\w$.-]*")
_ELLIPSIS = re.compile(r"\.{3}|…")

_LITERALS: Final = {"true": True, "false": False, "null": None}
_FOREIGN_LITERALS: Final = {"True": "true", "False": "false", "None": "null", "undefined": "null"}
_NON_FINITE: Final = frozenset({"NaN", "Infinity", "-Infinity", "nan", "inf", "-inf", "-NaN"})


class SyntaxFlawError(Exception):
    """Where the text stops being readable, and why."""

    def __init__(self, start: int, message: str, *, end: int | None = None, slug: str) -> None:
        super().__init__(message)
        self.flaw = Flaw(slug, start, start + 1 if end is None else end, message)


class Scanner:
    """Reads values from ``text[start:end]`` and collects ``flaws`` on the way."""

    def __init__(self, text: str, start: int = 0, end: int | None = None) -> None:
        self.text = text if end is None else text[:end]
        self.position = start
        self.flaws: list[Flaw] = []

    def skip(self) -> str:
        """Pass over space and comments; the character behind them, or '' at the end."""
        while True:
            self.position = _SPACE.match(self.text, self.position).end()  # type: ignore[union-attr]
            char = self.text[self.position : self.position + 1]
            if not char or (char < "\x7f" and char not in "/#\x0b\x0c"):
                return char
            if comment := _COMMENT.match(self.text, self.position):
                self._forgive(
                    "comment",
                    comment.start(),
                    comment.end(),
                    "JSON has no comments; remove it",
                    "",
                    safe=False,
                    title="Remove the comment",
                )
                self.position = comment.end()
            elif space := _ODD_SPACE.match(self.text, self.position):
                self._forgive(
                    "odd-whitespace",
                    space.start(),
                    space.end(),
                    f"U+{ord(space.group()[0]):04X} is no space of JSON; use plain spaces",
                    " ",
                    title="Replace it by a space",
                )
                self.position = space.end()
            else:
                return char

    def value(self, parent: Node | None = None, key: str | int = "", depth: int = 0) -> Node:
        """Read one value.

        Raises:
            SyntaxFlawError: where no value can be made out.
        """
        char = self.skip()
        if char == "{":
            return self._object(parent, key, depth)
        if char == "[":
            return self._array(parent, key, depth)
        start = self.position
        if char in QUOTES and char:
            node = Node(Kind.STRING, start, start, parent, key)
            node.value = self._string()
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
                raise self._lost(f"expected ':' after the key \"{name}\"")
            self.position += 1
            node.members.append(Member(name, start, end, self.value(node, name, depth + 1)))
            if name in seen:
                message = f'the key "{name}" stands twice in this object; only the last one counts'
                self.flaws.append(Flaw("duplicate-key", start, end, message))
            seen[name] = start
        return node

    def _array(self, parent: Node | None, key: str | int, depth: int) -> Node:
        node = Node(Kind.ARRAY, self.position, self.position, parent, key)
        self._open(depth)
        while self._more(node, "]"):
            node.items.append(self.value(node, len(node.items), depth + 1))
        return node

    def _open(self, depth: int) -> None:
        if depth >= MAX_DEPTH:
            message = f"nested more than {MAX_DEPTH} levels deep; a caption needs five"
            raise SyntaxFlawError(self.position, message, slug="too-deep")
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
        if char == closing:
            if comma >= 0:
                self._extra_comma(comma)
            self.position += 1
            node.end = self.position
            return False
        if not char:
            raise SyntaxFlawError(
                node.start,
                f"the {node.kind} opened here is never closed; add the missing '{closing}'",
                slug="invalid-json",
            )
        if char in "}]":
            raise self._lost(f"'{char}' closes the {node.kind} where '{closing}' is expected")
        if comma < 0 and not first:
            last = node.members[-1].value.end if node.members else node.items[-1].end
            self._forgive(
                "missing-comma", last, last, "a comma is missing here", ",", title="Add it"
            )
        return True

    def _extra_comma(self, position: int) -> None:
        message = "a comma with nothing behind it; remove it"
        title = "Remove the comma"
        self._forgive("trailing-comma", position, position + 1, message, "", title=title)

    def _key(self) -> str:
        char = self.text[self.position]
        if char in QUOTES:
            return self._string()
        word = _WORD.match(self.text, self.position)
        if word is None:
            if _ELLIPSIS.match(self.text, self.position):
                raise self._placeholder()
            raise self._lost(f"expected a key in double quotes, found '{char}'")
        name = word.group()
        message = f'the key {name} has no quotes; write "{name}"'
        self._forgive(
            "unquoted-key", word.start(), word.end(), message, f'"{name}"', title="Quote the key"
        )
        self.position = word.end()
        return name

    def _string(self) -> str:
        if match := PLAIN.match(self.text, self.position):
            self.position = match.end()
            return match.group(1)
        try:
            literal = scan(self.text, self.position)
        except UnterminatedError:
            message = "the string that opens here is never closed; add the missing quote"
            line_end = self.text.find("\n", self.position)
            end = line_end if line_end > 0 else len(self.text)
            raise SyntaxFlawError(self.position, message, end=end, slug="invalid-json") from None
        self.flaws += literal.flaws
        self.position = literal.end
        return literal.value

    def _scalar(self, char: str, parent: Node | None, key: str | int) -> Node:
        start = self.position
        if number := _NUMBER.match(self.text, start):
            return self._leaf(Kind.NUMBER, number.end(), _number(number.group()), parent, key)
        if word := _WORD.match(self.text, start):
            return self._word(word.group(), parent, key)
        loose = _LOOSE_NUMBER.match(self.text, start)
        if loose and (loose.group(2) or loose.group(3)):
            return self._loose_number(loose, parent, key)
        if _ELLIPSIS.match(self.text, start):
            raise self._placeholder()
        raise self._lost(f"expected a value, found '{char}'" if char else "a value is missing")

    def _word(self, word: str, parent: Node | None, key: str | int) -> Node:
        end = self.position + len(word)
        if word in _NON_FINITE:
            message = f"{word} is no number of JSON; write a finite one"
            self.flaws.append(Flaw("non-finite-number", self.position, end, message))
            return self._leaf(Kind.NUMBER, end, _number(word.replace("-NaN", "NaN")), parent, key)
        if word in _FOREIGN_LITERALS:
            plain = _FOREIGN_LITERALS[word]
            message = f"{word} is no literal of JSON; write {plain}"
            self._forgive(
                "python-literal", self.position, end, message, plain, title=f"Write {plain}"
            )
            word = plain
        if word not in _LITERALS:
            raise self._lost(f"'{word[:40]}' has no quotes; a string stands in double quotes")
        kind = Kind.NULL if word == "null" else Kind.BOOLEAN
        return self._leaf(kind, end, _LITERALS[word], parent, key)

    def _loose_number(self, match: re.Match[str], parent: Node | None, key: str | int) -> Node:
        sign, whole, fraction, exponent = match.groups(default="")
        text = f"{sign.replace('+', '')}{whole.lstrip('0') or '0'}"
        text += (f".{fraction}" if fraction else "") + exponent
        message = f"'{match.group()}' is no number of JSON; write {text}"
        title = f"Write {text}"
        self._forgive("malformed-number", match.start(), match.end(), message, text, title=title)
        return self._leaf(Kind.NUMBER, match.end(), _number(text), parent, key)

    def _leaf(
        self, kind: Kind, end: int, value: float | bool | None, parent: Node | None, key: str | int
    ) -> Node:
        node = Node(kind, self.position, end, parent, key)
        node.value = value
        self.position = end
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
        return SyntaxFlawError(self.position, message, slug="invalid-json")

    def _lost(self, message: str) -> SyntaxFlawError:
        return SyntaxFlawError(self.position, f"not JSON: {message}", slug="invalid-json")


def _number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        return float(text)
