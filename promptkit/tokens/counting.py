"""Count the tokens of a canonical caption inside the chat template, in all and field by field."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from promptkit.document import Kind, Node, read
from promptkit.document.edit import SURROGATE
from promptkit.tokens.bound import lower_bound, typical, upper_bound
from promptkit.tokens.loading import load_tokenizer
from promptkit.tokens.tokenizer import Tokenizer

LIMIT: Final = 2048
"""Tokens that the model reads, chat template included (official ``pipeline_ideogram4.py``)."""
TEMPLATE: Final = 8
"""Tokens of ``<|im_start|>user\\n`` … ``<|im_end|>\\n<|im_start|>assistant\\n``."""
COUNTABLE: Final = 1 << 16
"""Bytes above which no caption can be within the limit, and none is worth an exact count."""


@dataclass(frozen=True, slots=True)
class TokenCount:
    """A caption's tokens, chat template included."""

    tokens: int
    """The exact number, or an estimate that is seldom more than 5 % off."""
    at_least: int
    at_most: int
    """The exact number lies between the two."""
    exact: bool


@dataclass(frozen=True, slots=True)
class Usage:
    """Where the tokens go. ``template`` and all of ``fields`` add up to the total."""

    template: int
    fields: Mapping[str, int]
    """Tokens by JSON pointer, in the order of the text: each token belongs to the innermost value
    in whose member it begins; boxes and palettes are one value."""

    @property
    def total(self) -> int:
        return self.template + sum(self.fields.values())


def count(prompt: str, tokenizer: Path | None = None, *, enough: int = 0) -> TokenCount:
    """How many tokens the canonical string ``prompt`` takes.

    ``tokenizer`` is a ``tokenizer.json`` or a checkpoint's folder; see ``load_tokenizer``. Where a
    bound shows that the count is not above ``enough``, that will do, and nothing is loaded.
    """
    text = cleaned(prompt)
    size = len(text.encode())
    # No token is shorter than a byte, so that for most captions their length says it all.
    said = TEMPLATE + size <= enough or size > COUNTABLE
    at_most = TEMPLATE + (size if said else upper_bound(text))
    exact = load_tokenizer(tokenizer) if enough < at_most and size <= COUNTABLE else None
    if exact is None:
        at_least = TEMPLATE + lower_bound(text)
        return TokenCount(min(TEMPLATE + typical(text), at_most), at_least, at_most, exact=False)
    tokens = TEMPLATE + exact.count(text)
    return TokenCount(tokens, tokens, tokens, exact=True)


def usage(prompt: str, tokenizer: Tokenizer) -> Usage:
    """Where the tokens of the canonical string ``prompt`` go."""
    text = cleaned(prompt)
    roots = read(text).roots
    marks = sorted(_marks(roots[0]), key=lambda mark: mark[0]) if roots else []
    offsets = [offset for offset, _ in marks]
    owners = ["", *(pointer for _, pointer in marks)]
    found = Counter(owners[bisect_right(offsets, start)] for start in tokenizer.starts(text))
    return Usage(TEMPLATE, dict(found))


def cleaned(prompt: str) -> str:
    """What the tokenizer gets to see: NFC, and no half characters."""
    return unicodedata.normalize("NFC", SURROGATE.sub("\ufffd", prompt))


def _marks(node: Node) -> Iterator[tuple[int, str]]:
    """Offsets at which the owner of the text changes, and the new owner's pointer."""
    yield node.start, node.pointer
    children = [(member.start, member.value) for member in node.members]
    if any(item.kind in (Kind.OBJECT, Kind.ARRAY) for item in node.items):
        children = [(item.start, item) for item in node.items]
    for start, child in children:
        yield start, child.pointer
        yield from _marks(child)
        yield child.end, node.pointer
