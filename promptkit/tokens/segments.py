"""Count the tokens of a caption stretch by stretch, so that a stretch met again costs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from promptkit.tokens.bound import upper_bound
from promptkit.tokens.counting import COUNTABLE, TEMPLATE, cleaned
from promptkit.tokens.loading import load_tokenizer
from promptkit.tokens.tokenizer import BytePairs


@dataclass(frozen=True)
class Segment:
    """A stretch of a canonical caption. Stretches are cut between two signs and an ASCII letter.

    Signs that follow each other are one piece to the tokenizer and a letter behind them begins
    another, so that no token spans a cut, and the counts of the stretches add up to the whole.
    """

    text: str
    tokenizer: Path | None = None

    @cached_property
    def size(self) -> int:
        """Its bytes; no token is shorter."""
        return len(self._cleaned.encode())

    @cached_property
    def at_most(self) -> int:
        """A number of tokens that it never exceeds."""
        return upper_bound(self._cleaned)

    @cached_property
    def counted(self) -> int:
        """Its tokens, where there is a tokenizer for which the counts are known to add up."""
        tokenizer = load_tokenizer(self.tokenizer)
        return tokenizer.count(self._cleaned) if isinstance(tokenizer, BytePairs) else self.at_most

    @property
    def _cleaned(self) -> str:
        return cleaned(self.text)


def within(segments: Sequence[Segment], enough: int) -> bool:
    """Whether it is certain that a caption takes no more than ``enough`` tokens."""
    room = enough - TEMPLATE
    size = sum([segment.size for segment in segments])
    if size > COUNTABLE:
        # ``count`` does not count it either.
        return size <= room
    return (
        size <= room
        or sum([segment.at_most for segment in segments]) <= room
        or sum([segment.counted for segment in segments]) <= room
    )
