"""Which element, and which letter of it, every token of a caption speaks of.

Shape legend: S scenes, R captions, T tokens, N item slots.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from generator.draft.world.batch import SLOTS
from generator.draft.world.layout import MAX_CELLS
from generator.draft.world.scene import Lettering, Scene

_STARTS = (
    '{"type":"obj","bbox":',
    '{"type":"obj","desc":"',
    '{"type":"text","bbox":',
    '{"type":"text","text":"',
)
_OPEN = ('{"type":"text","text":"', '],"text":"')
_CLOSE = '","desc":"'
_LINE_END = "\\n"
_CHARACTERS = MAX_CELLS + 8
"""Characters of a text that are followed, line ends included."""


class Marker:
    """Marks tokens; knows the ids of a tokenizer's structural pieces."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        vocabulary: dict[str, int] = json.loads(tokenizer.to_str())["model"]["vocab"]
        self._starts = [vocabulary[piece] for piece in _STARTS]
        self._open = [vocabulary[piece] for piece in _OPEN]
        self._close = vocabulary[_CLOSE]
        self._end = vocabulary["<|im_end|>"]
        self._characters = np.zeros(max(vocabulary.values()) + 1, np.int64)
        for piece, index in vocabulary.items():
            self._characters[index] = 1 if piece == _LINE_END else len(piece)

    def mark(
        self, scenes: Sequence[Scene], ids_RT: NDArray[np.int16], wordings: int
    ) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
        """Item slot [R, T], -1 outside elements, and letter cell [R, T], -1 but in a literal.

        Rows are scene-major, `wordings` to a scene. Elements of a caption are in the scene's order.
        """
        ids = ids_RT.astype(np.int64)
        ended = (ids == self._end).cumsum(1) > 0
        element = np.isin(ids, self._starts).cumsum(1)
        slots = np.where((element > 0) & ~ended, element - 1, -1)
        opens = np.isin(ids, self._open)
        literal = (opens.cumsum(1) - opens) > (ids == self._close).cumsum(1)
        before = np.where(literal, self._characters[ids], 0).cumsum(1)
        before -= np.where(literal, self._characters[ids], 0)
        character = before - np.maximum.accumulate(np.where(opens, before, 0), axis=1)
        cells = np.stack([_cells(scene) for scene in scenes]).repeat(wordings, axis=0)
        rows = np.arange(len(ids))[:, None]
        cell = cells[rows, slots.clip(0, SLOTS - 1), character.clip(0, _CHARACTERS - 1)]
        return slots.astype(np.int8), np.where(literal & ~ended, cell, -1).astype(np.int8)


def _cells(scene: Scene) -> NDArray[np.int64]:
    """The cell of every character of every text, [N, characters]; -1 for line ends."""
    out = np.full((SLOTS, _CHARACTERS), -1)
    for slot, item in enumerate(scene.items):
        if not isinstance(item, Lettering):
            continue
        lines = item.text.split("\n")
        columns = max(map(len, lines))
        place = 0
        for row, line in enumerate(lines):
            padded = line.center(columns)
            first = row * columns + len(padded) - len(padded.lstrip())
            out[slot, place : place + len(line)] = np.arange(first, first + len(line))
            place += len(line) + 1
    return out
