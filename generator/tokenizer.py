"""Prompts to token ids, with the checkpoint's own ``tokenizer.json``.

The chat template is written out here: one user turn and an open assistant turn, no system turn.
Every token of it conditions the picture, as in the official engine.
"""

from __future__ import annotations

from pathlib import Path

from tokenizers import Tokenizer

from generator.config import MAX_TEXT_TOKENS
from generator.errors import CheckpointError, RequestError

TURN_START, TURN_END = "<|im_start|>", "<|im_end|>"


class PromptTokenizer:
    """The token ids of a prompt within the chat template.

    A prompt is plain text throughout: ``<|im_end|>`` and its like inside a caption become the
    tokens of their letters, so that a caption cannot end its own turn.
    """

    def __init__(self, path: Path, vocabulary: int) -> None:
        """Read ``path``; ``vocabulary`` is how many tokens the text encoder knows."""
        try:
            self._tokenizer = Tokenizer.from_str(path.read_text(encoding="utf-8"))
        except Exception as error:  # the library raises nothing narrower
            raise CheckpointError(f"{path}: is not a tokenizer.json: {error}") from error
        self._tokenizer.encode_special_tokens = True
        largest = max(self._tokenizer.get_vocab(with_added_tokens=True).values())
        if largest >= vocabulary:
            raise CheckpointError(
                f"{path}: has token ids up to {largest}, the text encoder knows {vocabulary} tokens"
            )
        self._start, self._end = self._id(path, TURN_START), self._id(path, TURN_END)

    def encode(self, prompt: str) -> list[int]:
        """Token ids of ``prompt`` in its turn; RequestError above 2048 of them."""
        ids = [
            *(self._start, *self._plain(f"user\n{prompt}"), self._end, *self._plain("\n")),
            *(self._start, *self._plain("assistant\n")),
        ]
        if len(ids) > MAX_TEXT_TOKENS:
            raise RequestError(
                f"the prompt has {len(ids)} tokens with the chat template, the model reads at most "
                f"{MAX_TEXT_TOKENS}; shorten it by {len(ids) - MAX_TEXT_TOKENS}"
            )
        return ids

    def _id(self, path: Path, token: str) -> int:
        token_id = self._tokenizer.token_to_id(token)
        if token_id is None:
            raise CheckpointError(f"{path}: has no token {token}")
        return token_id

    def _plain(self, text: str) -> list[int]:
        # Special tokens split the text before anything else happens to it, so that encoding the
        # stretches between them one by one gives what encoding the whole would.
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids
