from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from generator.embeddings import EmbeddingCache
from generator.pipeline import Ideogram4Pipeline


def encoder(calls: list[str], name: str, numbers: int = 4) -> Callable[[], Tensor]:
    def encode() -> Tensor:
        calls.append(name)
        return torch.zeros(numbers)

    return encode


def test_a_prompt_is_encoded_once() -> None:
    cache, calls = EmbeddingCache(), list[str]()
    first = cache.get([1, 2], encoder(calls, "a"))
    assert cache.get((1, 2), encoder(calls, "again")) is first
    cache.get([1, 2, 3], encoder(calls, "b"))
    assert calls == ["a", "b"]


def test_the_prompt_not_used_for_longest_makes_room() -> None:
    cache, calls = EmbeddingCache(max_bytes=2 * 16), list[str]()
    for ids, name in [([1], "a"), ([2], "b"), ([1], "-"), ([3], "c"), ([1], "-"), ([2], "b again")]:
        cache.get(ids, encoder(calls, name))
    assert calls == ["a", "b", "c", "b again"]


def test_a_prompt_above_the_limit_is_encoded_and_not_kept() -> None:
    cache, calls = EmbeddingCache(max_bytes=8), list[str]()
    assert cache.get([1], encoder(calls, "a")).numel() == 4
    cache.get([1], encoder(calls, "again"))
    assert calls == ["a", "again"]


def test_pictures_of_one_caption_share_its_encoding(
    pipeline: Ideogram4Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoded: list[int] = []
    encode_text = pipeline.encode_text

    def counting(token_ids_T: Tensor) -> Tensor:
        encoded.append(len(token_ids_T))
        return encode_text(token_ids_T)

    monkeypatch.setattr(pipeline, "encode_text", counting)
    monkeypatch.setattr(pipeline, "embeddings", EmbeddingCache())
    size = {"height": 64, "width": 64, "num_inference_steps": 1}
    first = pipeline(["a boat", "a boat"], seed=[3, 4], **size)
    again = pipeline("a boat", seed=4, **size)
    assert len(encoded) == 1
    assert first[1].tobytes() == again.tobytes()
    assert first[0].tobytes() != again.tobytes()
