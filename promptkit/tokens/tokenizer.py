"""What a tokenizer is, and the encoder's own: byte pairs merged by rank."""

from __future__ import annotations

from collections.abc import Mapping
from heapq import heapify, heappop, heappush
from typing import Protocol

from promptkit.tokens.pretokens import Sizes, pieces

Ranks = Mapping[bytes, int]
"""Every token of the vocabulary and when its merge was learnt; earlier merges go first."""


class Tokenizer(Protocol):
    """Counts the tokens of a text in NFC; what looks like a special token in it is plain text."""

    def count(self, text: str) -> int:
        """How many tokens ``text`` has."""

    def starts(self, text: str) -> list[int]:
        """The offset of the character in which each token begins, in order."""


class BytePairs:
    """The Qwen2 tokenizer over a vocabulary of byte strings."""

    def __init__(self, ranks: Ranks) -> None:
        self._ranks = ranks
        self._sizes = Sizes(lambda piece: len(self._cuts(piece)))

    def count(self, text: str) -> int:
        return self._sizes.of(text)

    def starts(self, text: str) -> list[int]:
        found: list[int] = []
        offset = 0
        for piece in pieces(text):
            found += [offset + cut for cut in self._cuts(piece)]
            offset += len(piece)
        return found

    def _cuts(self, piece: str) -> list[int]:
        """Where, in characters, the tokens of one piece begin."""
        data = piece.encode()
        if data in self._ranks:
            return [0]
        cuts = merge(data, self._ranks)
        if len(data) == len(piece):
            return cuts
        return [len(data[:cut].decode(errors="ignore")) for cut in cuts]


def merge(data: bytes, ranks: Ranks) -> list[int]:
    """Where the tokens of ``data`` begin: of all neighbours the lowest rank merges, leftmost first.

    A heap keeps the candidates, so that a piece of n bytes takes n log n steps.
    """
    end_of = {start: start + 1 for start in range(len(data))}
    start_of = {end: start for start, end in end_of.items()}
    candidates = [
        (ranks[data[start : start + 2]], start, start + 1, start + 2)
        for start in range(len(data) - 1)
        if data[start : start + 2] in ranks
    ]
    heapify(candidates)

    def offer(start: int, middle: int, end: int) -> None:
        rank = ranks.get(data[start:end])
        if rank is not None:
            heappush(candidates, (rank, start, middle, end))

    while candidates:
        _, start, middle, end = heappop(candidates)
        if end_of.get(start) != middle or end_of.get(middle) != end:
            continue  # one of the two has merged with another neighbour since
        del end_of[middle], start_of[middle]
        end_of[start], start_of[end] = end, start
        if start in start_of:
            offer(start_of[start], start, end)
        if end in end_of:
            offer(start, end, end_of[end])
    return list(end_of)
