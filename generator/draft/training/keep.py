"""What a run leaves on disk on its way: its state, and how held-out captions look and score."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import torch
from tokenizers import Tokenizer

from generator.draft.training.judge import draw_sheets, load_average
from generator.draft.training.sizes import Networks
from generator.draft.training.state import State, save_state

GUIDANCE = (1.0, 2.0, 3.0)


class Keeper:
    """Saves states of a run into its folder, draws sheets and has them scored beside training.

    `spare` are networks of the run's sizes, on its device, that nobody else uses.
    """

    def __init__(
        self, folder: Path, tokenizer: Tokenizer, spare: Networks, count: int, *, scored: bool
    ) -> None:
        self._folder, self._tokenizer, self._spare = folder, tokenizer, spare
        self._count, self._scored = count, scored
        self._scorers: list[subprocess.Popen[bytes]] = []
        folder.mkdir(parents=True, exist_ok=True)
        tokenizer.save(str(folder / "tokenizer.json"))

    def save(self, state: State) -> None:
        """Write the state over the last one."""
        save_state(self._folder, state)

    def save_and_draw(self, state: State) -> None:
        """Write the state, then one sheet for each guidance scale, and start to score them."""
        self.save(state)
        with torch.no_grad():
            load_average(self._spare, state.weights)
        draw_sheets(
            self._spare,
            state.shift,
            state.scale,
            self._tokenizer,
            self._count,
            self._folder,
            GUIDANCE,
        )
        if self._scored:
            for guidance in GUIDANCE:
                self._score(f"{guidance:g}", state.steps)

    def _score(self, guidance: str, steps: int) -> None:
        """In a process of its own, which is not waited for: training goes on."""
        sheet = self._folder / f"sheet-{guidance}.png"
        command = [sys.executable, "-m", "generator.draft.scoring", "--load", str(sheet)]
        with (self._folder / f"scores-{guidance}.log").open("a") as log:
            log.write(f"guidance {guidance}, after {steps} steps: ")
            log.flush()
            scorer = subprocess.Popen(  # noqa: S603  (this interpreter, our own module)
                [*command, "--count", str(self._count)],
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""},
            )
        self._scorers.append(scorer)

    def wait(self) -> None:
        """Until all scores are in the log."""
        for scorer in self._scorers:
            scorer.wait()
