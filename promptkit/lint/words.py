"""Words of prose: counting them, and finding phrases on word boundaries in any case.

No regular expression per list: compiling a long alternation costs more than linting a caption. And
most captions hold no phrase of most lists, so a text is taken apart only where one may be in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

_WORD: Final = re.compile(r"\w+(?:['’]\w+)*")
_QUOTED: Final = re.compile(
    # The lengths are bounded so that no text, however odd, costs more than linear time.
    r"(?<!\w)'(?:[^'\n]|'(?=\w)){1,300}'(?!\w)"
    r'|"[^"\n]{1,300}"|“[^”\n]{1,300}”|‘[^’\n]{1,300}’|«[^»\n]{1,300}»|「[^」\n]{1,300}」'
)


class Phrases(NamedTuple):
    """Phrases to look for."""

    by_head: Mapping[str, tuple[tuple[str, ...], ...]]
    """By their first word, longest first."""
    needles: frozenset[str]
    """What ``may_hold`` looks for: without any of them a text holds none of the phrases."""


class Word(NamedTuple):
    """A word of a text: in lower case, and where it stands."""

    text: str
    start: int
    end: int


class Hit(NamedTuple):
    """A phrase found in a text."""

    phrase: str
    start: int
    end: int


def phrases(listed: str) -> Phrases:
    """The phrases in ``listed``, which are separated by commas or line breaks."""
    table: dict[str, list[tuple[str, ...]]] = {}
    needles: set[str] = set()
    for line in listed.lower().replace(",", "\n").splitlines():
        parts = tuple(_WORD.findall(line))
        if parts:
            table.setdefault(parts[0], []).append(parts)
            needles.add(" ".join(parts))
    by_head = {head: tuple(sorted(found, key=len, reverse=True)) for head, found in table.items()}
    return Phrases(by_head, frozenset(needles))


def word_set(listed: str) -> frozenset[str]:
    """The words of a list that is separated by spaces or line breaks."""
    return frozenset(listed.split())


@lru_cache(maxsize=128)
def words(text: str) -> tuple[Word, ...]:
    """The words of a text, numbers included."""
    return tuple(Word(m.group().lower(), m.start(), m.end()) for m in _WORD.finditer(text))


@lru_cache(maxsize=128)
def unquoted(text: str) -> str:
    """The text with every quoted literal blanked out, each other character in its place."""
    return _QUOTED.sub(lambda match: " " * (match.end() - match.start()), text)


def may_hold(text: str, needles: frozenset[str]) -> bool:
    """Whether any of the needles, in lower case, is in the text, be it inside other words."""
    flat = _flat(text)
    return any(needle in flat for needle in needles)


def find(text: str, table: Phrases) -> Iterator[Hit]:
    """Each phrase of ``table`` in the prose of ``text``; what stands in quotes is no prose."""
    if not may_hold(text, table.needles):
        return
    prose = unquoted(text)
    listed = words(prose)
    past = -1
    for index, word in enumerate(listed):
        if index < past or word.text not in table.by_head:
            continue
        for phrase in table.by_head[word.text]:
            run = listed[index : index + len(phrase)]
            if tuple(each.text for each in run) == phrase and _adjoin(prose, run):
                yield Hit(text[word.start : run[-1].end], word.start, run[-1].end)
                past = index + len(phrase)
                break


def holds(text: str, table: Phrases) -> bool:
    """Whether any phrase of ``table`` stands in the prose of ``text``."""
    return any(True for _ in find(text, table))


def count_words(text: str) -> int:
    """How many words a reader counts: whatever stands between spaces and holds a letter or digit.

    Scripts without spaces between words come out low, so that no limit is exceeded by mistake.
    """
    return sum(any(char.isalnum() for char in chunk) for chunk in text.split())


def normal(text: str) -> str:
    """A text without its case, its spacing and what ends it, to compare wordings by."""
    return " ".join(text.lower().split()).strip(" .,;:!?…")


@lru_cache(maxsize=128)
def _flat(text: str) -> str:
    """The text in lower case with one space where ``_adjoin`` allows a gap."""
    return " ".join(text.lower().replace("-", " ").replace(".", " ").split())


def _adjoin(text: str, run: tuple[Word, ...]) -> bool:
    """Whether only a space, a hyphen or the stop of an abbreviation stands between the words."""
    gaps = (text[before.end : after.start] for before, after in pairwise(run))
    return all(gap.isspace() or gap in ("-", ".") for gap in gaps)
