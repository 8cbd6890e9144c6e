"""Prompts filled up and recorded: the same text tokens as without either."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import Tensor

from generator.checkpoint import Loading, Networks, Part
from generator.config import MAX_TEXT_TOKENS
from generator.encoding import FILLED_TO, PromptEncoder, prompt_encoder
from generator.graphs import recorder
from generator.testing import SMALL, random_networks


@pytest.fixture
def networks() -> Networks:
    return random_networks(SMALL)


def prompt(length: int) -> Tensor:
    return torch.randint(0, SMALL.text_encoder.vocab_size, (length,))


def plain(networks: Networks, ids: Tensor) -> Tensor:
    return networks.transformer.project_text(networks.text_encoder(ids[None]))


class Tape:
    """Stands for graphs: runs recorded work again into the same tensor, as a graph does."""

    def __init__(self) -> None:
        self.recordings = 0
        self.places = set[int]()

    def __call__(self, work: Callable[[], Tensor]) -> Callable[[], Tensor]:
        self.recordings += 1
        result = work()
        self.places.add(result.untyped_storage().data_ptr())
        return lambda: result.copy_(work())


@torch.no_grad()
@pytest.mark.parametrize("length", [1, 7, 8, 9, 16])
def test_a_filled_prompt_has_the_tokens_of_the_bare_one(networks: Networks, length: int) -> None:
    encode = PromptEncoder(networks.text_encoder, networks.transformer, Loading({}), filled_to=8)
    ids = prompt(length)
    encoded = encode(ids)
    assert encoded.shape == (1, length, SMALL.transformer.hidden_size)
    torch.testing.assert_close(encoded, plain(networks, ids), rtol=1e-5, atol=1e-5)


@torch.no_grad()
def test_the_second_prompt_of_a_length_is_recorded_for_all_others(networks: Networks) -> None:
    tape = Tape()
    encode = PromptEncoder(
        networks.text_encoder, networks.transformer, Loading({}), filled_to=8, record=tape
    )
    ran: list[torch.Size] = []
    networks.text_encoder.register_forward_pre_hook(lambda _, args: ran.append(args[0].shape))
    prompts = [prompt(length) for length in (5, 8, 12, 3, 16, 6)]
    encoded, recordings = [], []
    for ids in prompts:
        encoded.append(encode(ids))
        recordings.append(tape.recordings)
    # 5, 8, 3 and 6 are filled up to 8 tokens, 12 and 16 to 16.
    assert recordings == [0, 1, 1, 1, 2, 2]
    assert {tuple(shape) for shape in ran} == {(1, 8), (1, 16)}
    # Results are in one place, out of the way of what recordings compute in.
    assert len(tape.places) == 1
    # An earlier result is still what it was, whatever was replayed since.
    for ids, result in zip(prompts, encoded, strict=True):
        torch.testing.assert_close(result, plain(networks, ids), rtol=1e-5, atol=1e-5)


class Watched(Loading):
    """Has loaded everything, and notes what is waited for."""

    def __init__(self, order: list[object]) -> None:
        super().__init__({})
        self._order = order

    def wait(self, *parts: Part) -> None:
        self._order.append(parts)


@torch.no_grad()
def test_a_prompt_is_encoded_before_the_transformer_is_loaded(networks: Networks) -> None:
    order: list[object] = []
    networks.text_encoder.register_forward_hook(lambda *_: order.append("encoded"))
    PromptEncoder(networks.text_encoder, networks.transformer, Watched(order))(prompt(3))
    assert order == [(Part.TEXT_ENCODER,), "encoded", (Part.TRANSFORMER,)]


@torch.no_grad()
def test_nothing_is_recorded_while_weights_are_loaded(networks: Networks) -> None:
    order: list[object] = []

    def record(work: Callable[[], Tensor]) -> Callable[[], Tensor]:
        order.append("record")
        return work

    loading = Watched(order)
    encode = PromptEncoder(networks.text_encoder, networks.transformer, loading, record=record)
    encode(prompt(3))
    order.clear()
    encode(prompt(3))
    assert order[:2] == [(), "record"]


def test_a_recording_serves_calls_in_any_mode(networks: Networks) -> None:
    encode = PromptEncoder(networks.text_encoder, networks.transformer, Loading({}), record=Tape())
    ids = prompt(3)
    with torch.inference_mode():
        first, second = encode(ids), encode(ids)
    assert torch.equal(first, second)
    assert torch.equal(first, encode(ids))


@torch.no_grad()
def test_threads_share_an_encoder(networks: Networks) -> None:
    tape = Tape()
    encode = PromptEncoder(networks.text_encoder, networks.transformer, Loading({}), record=tape)
    prompts = [prompt(6) for _ in range(2)]
    expected = [encode(ids) for ids in prompts]

    def linger(*_: object) -> None:
        time.sleep(0.002)

    networks.text_encoder.register_forward_pre_hook(linger)
    with ThreadPoolExecutor(2) as threads:
        for _ in range(20):
            got = threads.map(encode, prompts)
            assert all(map(torch.equal, got, expected))


@torch.no_grad()
def test_no_prompt_that_is_allowed_is_too_long_to_be_recorded(networks: Networks) -> None:
    tape = Tape()
    encode = PromptEncoder(networks.text_encoder, networks.transformer, Loading({}), record=tape)
    for length, recordings in ((MAX_TEXT_TOKENS + 1, 0), (MAX_TEXT_TOKENS, 1)):
        for _ in range(2):
            assert encode(prompt(length)).shape[1] == length
        assert tape.recordings == recordings


@torch.no_grad()
def test_recordings_end_with_their_encoder(networks: Networks) -> None:
    encode = PromptEncoder(networks.text_encoder, networks.transformer, Loading({}), record=Tape())
    for _ in range(2):
        encode(prompt(3))
    ended = weakref.ref(encode)
    del encode
    assert ended() is None


def test_lengths_are_few() -> None:
    assert MAX_TEXT_TOKENS / FILLED_TO == 16


@torch.no_grad()
def test_a_cpu_encodes_a_prompt_as_it_is(networks: Networks) -> None:
    shapes: list[torch.Size] = []
    networks.text_encoder.register_forward_pre_hook(lambda _, args: shapes.append(args[0].shape))
    cpu = torch.device("cpu")
    encode = prompt_encoder(
        networks.text_encoder, networks.transformer, Loading({}), cpu, records=True
    )
    for _ in range(3):
        encode(prompt(5))
    assert shapes == [(1, 5)] * 3


def test_a_gpu_fills_prompts_up_and_records_where_it_may(
    networks: Networks, monkeypatch: pytest.MonkeyPatch
) -> None:
    tape, shapes = Tape(), list[torch.Size]()
    taken: list[int] = []

    def recorder(_: torch.device, nbytes: int) -> Tape:
        taken.append(nbytes)
        return tape

    monkeypatch.setattr("generator.encoding.recorder", recorder)
    networks.text_encoder.register_forward_pre_hook(lambda _, args: shapes.append(args[0].shape))
    for records in (False, True):
        encode = prompt_encoder(
            networks.text_encoder,
            networks.transformer,
            Loading({}),
            torch.device("cuda:99"),
            records=records,
        )
        with torch.no_grad():
            for _ in range(2):
                encode(prompt(5))
        assert tape.recordings == records
    assert set(shapes) == {torch.Size((1, FILLED_TO))}
    # As much as the memory plans count, in the compute dtype.
    assert taken == [4 * MAX_TEXT_TOKENS * SMALL.transformer.llm_features_dim * 4]


@pytest.mark.skipif(not torch.cuda.is_available(), reason="graphs are CUDA's")
@torch.inference_mode()
def test_a_graph_gives_bit_for_bit_what_the_first_call_gave(networks: Networks) -> None:
    gpu = torch.device("cuda")
    encode = prompt_encoder(
        networks.text_encoder.to(gpu), networks.transformer.to(gpu), Loading({}), gpu, records=True
    )
    ids = prompt(70).to(gpu)
    first, recorded, replayed = (encode(ids) for _ in range(3))
    assert torch.equal(first, recorded)
    assert torch.equal(first, replayed)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="graphs are CUDA's")
@torch.inference_mode()
def test_graphs_of_all_lengths_share_their_memory(networks: Networks) -> None:
    gpu = torch.device("cuda")
    encoder, transformer = networks.text_encoder.to(gpu), networks.transformer.to(gpu)
    lengths = range(128, MAX_TEXT_TOKENS + 1, 128)
    prompts = [prompt(length).to(gpu) for length in lengths]
    launched = [plain(networks, ids) for ids in prompts]
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    plain(networks, prompts[-1])
    nbytes = torch.cuda.max_memory_allocated() - before
    record = recorder(gpu, nbytes)
    encode = PromptEncoder(encoder, transformer, Loading({}), filled_to=128, record=record)
    for ids in prompts:
        encode(ids)
    held = torch.cuda.memory_reserved()
    encoded = [encode(ids) for ids in prompts]
    # One workspace of cuBLAS besides, and room for what does not fit into a gap.
    assert torch.cuda.memory_reserved() - held < 1.5 * nbytes + (64 << 20)
    for first, second in zip(launched, encoded, strict=True):
        torch.testing.assert_close(first, second)
