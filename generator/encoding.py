"""From token ids to the text tokens that the conditional transformer reads.

A GPU encodes a prompt faster than the host launches the kernels for it, so there the encoding is
recorded. A recording is of one length, so prompts are filled up to a few lengths: causal attention
does not see what is behind a token, and nothing else mixes tokens.

Shape legend: T text tokens, P with those that fill them up, D hidden.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Lock
from typing import Final

import torch
import torch.nn.functional as F
from torch import Tensor

from generator.checkpoint import Loading, Part
from generator.config import MAX_TEXT_TOKENS
from generator.graphs import Record, Recorded, recorder
from generator.memory import encoding_numbers
from generator.model.text_encoder import TextEncoder
from generator.model.transformer import Transformer

FILLED_TO: Final = 128
"""A GPU fills prompts up to a multiple of as many tokens: 16 lengths at most, and a few tokens more
cost next to nothing."""
FILLER: Final = 0
"""Any token: nothing reads it."""


class PromptEncoder:
    """Token ids to text tokens.

    The first prompt of a length waits until the networks are loaded that it takes. With ``record``,
    the second waits for all that is loaded and is recorded for all others. Threads may share an
    encoder, but only one stream may run it.
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
        self._launch = partial(_encode, text_encoder, transformer, loading)
        self._loading = loading
        self._filled_to = filled_to
        self._record = record
        self._recorded: dict[int, Recorded] = {}
        self._tokens: Tensor | None = None
        self._one_at_a_time = Lock()

    @torch.inference_mode()
    def __call__(self, token_ids_T: Tensor) -> Tensor:
        """Text tokens ``[1, T, D]``, which nothing overwrites."""
        count = len(token_ids_T)
        ids_1P = F.pad(token_ids_T, (0, -count % self._filled_to), value=FILLER)[None]
        with self._one_at_a_time:
            return self._replay(ids_1P)[:, :count].clone()

    def _replay(self, ids_1P: Tensor) -> Tensor:
        length = ids_1P.shape[1]
        if length in self._recorded:
            self._loading.wait()  # A thread that still loads may disturb a recording.
            return self._recorded[length](ids_1P)
        tokens_1PD = self._launch(ids_1P)
        if self._record is not None and length <= MAX_TEXT_TOKENS:
            if self._tokens is None:
                self._tokens = tokens_1PD.new_empty((1, MAX_TEXT_TOKENS, tokens_1PD.shape[-1]))
            # Outside of the memory that recordings share, where it would be in the way of others.
            work = partial(_put, self._tokens[:, :length], self._launch)
            self._recorded[length] = Recorded(work, self._record, warm=True)
        return tokens_1PD


def _encode(
    text_encoder: TextEncoder, transformer: Transformer, loading: Loading, ids_1P: Tensor
) -> Tensor:
    loading.wait(Part.TEXT_ENCODER)
    features_1PF = text_encoder(ids_1P)
    loading.wait(Part.TRANSFORMER)
    return transformer.project_text(features_1PF)


def _put(place: Tensor, work: Callable[[Tensor], Tensor], ids_1P: Tensor) -> Tensor:
    return place.copy_(work(ids_1P))


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
    record = None
    if records:
        nbytes = encoding_numbers(transformer.config) * transformer.dtype.itemsize
        record = recorder(device, nbytes)
    return PromptEncoder(text_encoder, transformer, loading, filled_to=FILLED_TO, record=record)
