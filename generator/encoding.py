"""From token ids to the text tokens that the conditional transformer reads.

Encoding a prompt is some 360 kernels. The host needs longer to launch them than a fast GPU to run
them, so that a GPU records them. A recording is of one length, so prompts are filled up to a few
lengths: causal attention does not see what is behind a token, and nothing else mixes tokens.

Shape legend: T text tokens, P with those that fill them up, D hidden.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import torch
import torch.nn.functional as F
from torch import Tensor

from generator.checkpoint import Loading, Part
from generator.graphs import Record, recorder
from generator.model.text_encoder import TextEncoder
from generator.model.transformer import Transformer

FILLED_TO: Final = 128
"""Multiple of tokens to which a GPU fills a prompt up: 16 lengths, each of some 10 MB once it is
recorded, where one token more costs next to nothing."""
FILLER: Final = 0
"""Any token: nothing reads it."""


@dataclass(frozen=True)
class _Recording:
    """A length's work as one launch, and the tensor that it reads token ids from."""

    ids_1P: Tensor
    replay: Callable[[], Tensor]


class PromptEncoder:
    """Token ids to text tokens, as soon as the networks are loaded that it takes.

    With ``record``, the first prompt of a length is encoded as it is, since kernels are compiled
    and tuned when they are first run, and the second is recorded for all others.
    """

    def __init__(
        self,
        text_encoder: TextEncoder,
        transformer: Transformer,
        loading: Loading,
        *,
        filled_to: int = 1,
        record: Record | None = None,
    ) -> None:
        self._text_encoder = text_encoder
        self._transformer = transformer
        self._loading = loading
        self._filled_to = filled_to
        self._record = record
        self._warm: set[int] = set()
        self._recordings: dict[int, _Recording] = {}

    def __call__(self, token_ids_T: Tensor) -> Tensor:
        """Text tokens ``[1, T, D]``, which nothing overwrites."""
        count = len(token_ids_T)
        filled_P = F.pad(token_ids_T, (0, -count % self._filled_to), value=FILLER)
        return self._encode(filled_P[None])[:, :count].clone()

    def _encode(self, ids_1P: Tensor) -> Tensor:
        length = ids_1P.shape[1]
        if self._record is None or length not in self._warm:
            self._warm.add(length)
            return self._launch(ids_1P)
        if length not in self._recordings:
            still_1P = ids_1P.clone()
            replay = self._record(partial(self._launch, still_1P))
            self._recordings[length] = _Recording(still_1P, replay)
        recording = self._recordings[length]
        recording.ids_1P.copy_(ids_1P)
        return recording.replay()

    def _launch(self, ids_1P: Tensor) -> Tensor:
        self._loading.wait(Part.TEXT_ENCODER)
        features_1PF = self._text_encoder(ids_1P)
        self._loading.wait(Part.TRANSFORMER)
        return self._transformer.project_text(features_1PF)


def prompt_encoder(
    text_encoder: TextEncoder,
    transformer: Transformer,
    loading: Loading,
    device: torch.device,
    *,
    records: bool,
) -> PromptEncoder:
    """The way of encoding that suits a device.

    Prompts are filled up on a GPU where nothing ``records`` too, so that every memory plan makes
    the same pictures.
    """
    if device.type != "cuda":
        return PromptEncoder(text_encoder, transformer, loading)
    record = recorder(device) if records else None
    return PromptEncoder(text_encoder, transformer, loading, filled_to=FILLED_TO, record=record)
