"""Which plan is chosen for how much memory, with the published sizes and with small ones."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
import torch

from generator.checkpoint import Checkpoint, Part, open_checkpoint
from generator.checkpoint.header import TensorInfo
from generator.checkpoint.networks import Networks, Sizes
from generator.checkpoint.plan import Fill, Source
from generator.config import AutoencoderConfig, TextEncoderConfig, TransformerConfig
from generator.errors import DeviceError, RequestError
from generator.memory import (
    DECODE_LIMIT,
    PLANS,
    RUNTIME_BYTES,
    SMALL_CARD_BYTES,
    choose_plan,
    plan_cost,
)
from generator.model.autoencoder import Autoencoder
from generator.model.layers import Linear
from generator.model.text_encoder import TextEncoder
from generator.model.transformer import Transformer

GIB = 1 << 30


def source(name: str, dtype: str, shape: tuple[int, ...]) -> Source:
    return Source(Path("w"), name, TensorInfo(dtype, shape, 0))


@cache
def published() -> Checkpoint:
    """The published sizes in fp8, without files."""
    sizes = Sizes(TransformerConfig(), TextEncoderConfig(), AutoencoderConfig())
    with torch.device("meta"):
        networks = Networks(
            Transformer(sizes.transformer),
            Transformer(sizes.transformer, text=False),
            TextEncoder(sizes.text_encoder),
            Autoencoder(sizes.autoencoder),
        )
    fills: dict[Part, list[Fill]] = {}
    for part, network in networks.by_part():
        matrices = {f"{n}.weight" for n, m in network.named_modules() if isinstance(m, Linear)}
        for name, parameter in network.named_parameters():
            shape, fp8 = tuple(parameter.shape), name in matrices
            scale = (source(f"{name}_scale", "F32", shape[:1]),) if fp8 else ()
            tensor = source(name, "F8_E4M3" if fp8 else "BF16", shape)
            fills.setdefault(part, []).append(Fill(name, (tensor,), scale))
    return Checkpoint("published", Path("t"), sizes, {}, fills)


def peak(checkpoint: Checkpoint, free: float, side: int, name: str | None = None) -> float:
    """GiB that the allocator has at a picture's peak."""
    plan = choose_plan(checkpoint, int(free * GIB), name=name)
    return (plan_cost(checkpoint, plan, side, side).total - RUNTIME_BYTES) / GIB


@pytest.mark.parametrize(
    ("free", "name"),
    [(139.0, "resident"), (31.3, "resident"), (23.2, "24GB"), (15.6, "12GB"), (11.3, "12GB")],
)
def test_cards_of_usual_sizes(free: float, name: str) -> None:
    plan = choose_plan(published(), int(free * GIB))
    assert plan.name == name
    assert plan_cost(published(), plan, 2048, 2048).total <= free * GIB


def test_the_published_sizes_take_what_the_plans_promise() -> None:
    assert peak(published(), 139, 2048, "resident") <= 32
    assert peak(published(), 139, 1024, "24GB") <= 20
    assert peak(published(), 139, 2048, "24GB") <= 22.5
    assert peak(published(), 139, 2048, "12GB") <= SMALL_CARD_BYTES / GIB


def test_passes_run_side_by_side_where_there_is_room_for_both() -> None:
    plans = {name: choose_plan(published(), 139 * GIB, name=name) for name in PLANS}
    assert [name for name, plan in plans.items() if plan.side_by_side] == ["resident"]
    assert not choose_plan(published(), None).side_by_side
    alone = replace(plans["resident"], side_by_side=False)
    both, one = (plan_cost(published(), p, 2048, 2048) for p in (plans["resident"], alone))
    assert 1.5 < (both.activations - one.activations) / GIB < 1.7
    between = choose_plan(published(), 30 * GIB)
    assert (between.name, between.side_by_side) == ("resident", False)


def test_prompts_are_recorded_where_there_is_still_more_room() -> None:
    plan, tighter = (choose_plan(published(), int(free * GIB)) for free in (139, 31.3))
    assert plan.records_prompts
    assert (tighter.side_by_side, tighter.records_prompts) == (True, False)
    launched = plan_cost(published(), replace(plan, records_prompts=False), 1024, 1024)
    kept = plan_cost(published(), plan, 1024, 1024).activations - launched.activations
    longest = 2048 * 53248 * 2
    assert kept == 4 * longest
    assert not choose_plan(published(), None).records_prompts
    plans = {name: choose_plan(published(), 139 * GIB, name=name) for name in PLANS}
    assert [name for name, plan in plans.items() if plan.records_prompts] == ["resident"]


def test_room_for_the_pass_of_a_second_device_is_not_kept() -> None:
    free = int(30.5 * GIB)
    assert not choose_plan(published(), free).records_prompts
    shared = choose_plan(published(), free, alone=False)
    assert (shared.side_by_side, shared.records_prompts) == (False, True)


def test_a_tight_card_draws_larger_pictures_instead_of_being_faster() -> None:
    plan = choose_plan(published(), 28 * GIB, name="resident")
    assert (plan.side_by_side, plan.records_prompts) == (False, False)
    assert plan_cost(published(), plan, 1024, 1024).total <= 28 * GIB


def test_a_prompt_is_encoded_beside_the_weights() -> None:
    plan = replace(choose_plan(published(), 139 * GIB), side_by_side=False, records_prompts=False)
    features, tokens, widest = 4 * 2048 * 53248, 2048 + 32 * 32, 2 * 4608 + 3 * 12288
    assert plan_cost(published(), plan, 512, 512).activations == 2 * (features + tokens * widest)


@pytest.mark.parametrize("free", [None, 139 * GIB])
def test_activations_are_counted_in_the_compute_dtype(free: int | None) -> None:
    half, full = (
        plan_cost(published(), choose_plan(published(), free, item=item), 1024, 1024)
        for item in (2, 4)
    )
    assert full.weights == half.weights
    assert full.activations == 2 * half.activations


def test_gpus_decode_in_strips() -> None:
    assert choose_plan(published(), 139 * GIB).decode_limit == DECODE_LIMIT
    assert choose_plan(published(), None).decode_limit is None


def test_a_larger_card_keeps_more_blocks() -> None:
    def visiting(free: int) -> list[int]:
        placing = choose_plan(published(), free * GIB, name=None).placing
        parts = (Part.TRANSFORMER, Part.UNCONDITIONAL)
        return [len(placing.streamed.get(part, ())) for part in parts]

    assert sum(visiting(16)) < sum(visiting(12)) <= 68
    first, second = visiting(16)
    assert first == second


def test_resident_blocks_are_spread_between_those_that_visit() -> None:
    streamed = choose_plan(published(), 16 * GIB).placing.streamed[Part.TRANSFORMER]
    resident = sorted(set(range(34)) - streamed)
    assert resident[0] == 0
    gaps = [b - a for a, b in pairwise(resident)]
    assert max(gaps) - min(gaps) <= 1


def test_decoded_weights_need_a_faithful_tier_and_room() -> None:
    def decoded(free: int, faithful: bool) -> bool:
        return choose_plan(published(), free * GIB, faithful=faithful).placing.decoded

    assert decoded(139, faithful=True)
    assert not decoded(139, faithful=False)
    assert not decoded(60, faithful=True)


def test_weights_are_not_decoded_to_fp32_ahead() -> None:
    plan = choose_plan(published(), 139 * GIB, faithful=True, item=4)
    assert not plan.placing.decoded
    assert plan.weights == choose_plan(published(), 139 * GIB, item=4).weights


def test_too_little_is_refused_with_numbers_and_a_mend() -> None:
    with pytest.raises(DeviceError, match=r"2\.0 GiB free.*512x512 takes \d\.\d GiB") as caught:
        choose_plan(published(), 2 * GIB)
    assert "unconditional=False" in str(caught.value)
    with pytest.raises(DeviceError, match="let the plan be chosen"):
        choose_plan(published(), 16 * GIB, name="resident")


def test_what_is_no_plan_is_refused(small_checkpoint: Path) -> None:
    checkpoint = open_checkpoint(small_checkpoint)
    with pytest.raises(RequestError, match="expected one of resident, 24GB, 12GB"):
        choose_plan(checkpoint, None, name="8GB")
    with pytest.raises(RequestError, match="only a GPU"):
        choose_plan(checkpoint, None, name="12GB")
    assert choose_plan(checkpoint, None).name == "resident"


def test_a_cost_is_the_weights_and_the_larger_of_two_peaks(small_checkpoint: Path) -> None:
    checkpoint = open_checkpoint(small_checkpoint)
    plan = choose_plan(checkpoint, None)
    small, large = (plan_cost(checkpoint, plan, side, side) for side in (512, 2048))
    assert small.weights == sum(checkpoint.nbytes(part) for part in Part)
    assert large.weights == small.weights
    assert large.activations > 4 * small.activations > 0
    assert large.total == large.weights + large.activations + RUNTIME_BYTES


def test_without_the_unconditional_transformer_it_is_less(small_checkpoint: Path) -> None:
    checkpoint = open_checkpoint(small_checkpoint)
    less = checkpoint.without_unconditional()
    saved = choose_plan(checkpoint, None).weights - choose_plan(less, None).weights
    assert saved == checkpoint.nbytes(Part.UNCONDITIONAL)
    assert not less.has_unconditional
