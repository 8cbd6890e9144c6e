"""Scenes and captions by the thousand from worker processes; imports no torch."""

from __future__ import annotations

import multiprocessing as mp
import os
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.context import ForkContext, ForkProcess
from multiprocessing.queues import Queue
from random import Random

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from generator.draft.tokens import build_tokenizer, encode
from generator.draft.training.marks import Marker
from generator.draft.world.batch import SceneArrays, to_arrays
from generator.draft.world.caption import write_caption
from generator.draft.world.layout import Recipe, draw_scene

WORDINGS = 3
"""Captions written for each scene: a wording costs far less than a picture."""
LONGEST = 320
TEXT_SHARE = 0.65
"""Pictures with letters: more than the world's usual half, since letters are learned last."""
SHAPES = ((256, 256),)
SHARES = (1.0,)
"""Picture sizes in pixels (height, width) and how often each is drawn."""


@dataclass(frozen=True, slots=True)
class Shard:
    """Scenes of one size and the token ids of their captions, scene-major, zero-padded."""

    shape: int
    scenes: SceneArrays
    ids: NDArray[np.int16]
    """[scenes * WORDINGS, LONGEST]."""
    lengths: NDArray[np.int16]
    slots: NDArray[np.int8]
    """[scenes * WORDINGS, LONGEST], the item that a token speaks of; see `marks`."""
    cells: NDArray[np.int8]
    """The same shape, the letter that a token speaks of."""


def draft_tokenizer(captions: int = 20_000) -> Tokenizer:
    """The tokenizer of the shipped checkpoint: always the same for the same world."""
    rng = Random(20_260)  # noqa: S311  (a reproducible lot, not a secret)
    return build_tokenizer(write_caption(rng, draw_scene(rng, Recipe())) for _ in range(captions))


def make_shard(
    rng: Random, tokenizer: Tokenizer, shape: int, scenes: int, marker: Marker | None = None
) -> Shard:
    """Draw scenes, word them, and pack both; a marker of the tokenizer may be reused."""
    recipe = Recipe(*SHAPES[shape], text_share=TEXT_SHARE)
    drawn = [draw_scene(rng, recipe) for _ in range(scenes)]
    captions = [write_caption(rng, scene) for scene in drawn for _ in range(WORDINGS)]
    rows = [row if len(row) <= LONGEST else [] for row in encode(tokenizer, captions)]
    ids = np.zeros((len(rows), LONGEST), np.int16)
    for row, out in zip(rows, ids, strict=True):
        out[: len(row)] = row
    slots, cells = (marker or Marker(tokenizer)).mark(drawn, ids, WORDINGS)
    lengths = np.array([len(row) for row in rows], np.int16)
    return Shard(shape, to_arrays(drawn), ids, lengths, slots, cells)


class Stream:
    """Endless shards of `scenes` scenes from `workers` processes; close it when done."""

    def __init__(self, tokenizer: Tokenizer, workers: int, seed: int, scenes: int = 1024) -> None:
        # fork, before CUDA starts: the workers need no torch, and a spawn would import it.
        context: ForkContext = mp.get_context("fork")
        self._queue: Queue[Shard] = context.Queue(maxsize=3 * workers)
        arguments = [(tokenizer, seed * 1000 + w, scenes, self._queue) for w in range(workers)]
        self._workers: list[ForkProcess] = [
            context.Process(target=_work, args=a, daemon=True) for a in arguments
        ]
        for worker in self._workers:
            worker.start()

    def __iter__(self) -> Iterator[Shard]:
        while True:
            yield self._queue.get()

    def close(self) -> None:
        """Stop the workers."""
        for worker in self._workers:
            worker.terminate()
            worker.join()
        self._queue.cancel_join_thread()


def _work(tokenizer: Tokenizer, seed: int, scenes: int, queue: Queue[Shard]) -> None:
    os.environ["TOKENIZERS_PARALLELISM"] = "false"  # the processes are the parallelism
    rng = Random(seed)  # noqa: S311  (a reproducible lot, not a secret)
    marker = Marker(tokenizer)
    while True:
        shape = rng.choices(range(len(SHAPES)), SHARES)[0]
        queue.put(make_shard(rng, tokenizer, shape, scenes, marker))
