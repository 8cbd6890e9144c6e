"""Where the weights live and what a picture will cost in memory, decided before either is begun.

An estimate from sizes alone, a little above what is used: it answers "will it fit", and leaves the
exact figure to the engine, which reports its peak with every picture.

Three plans, from the fastest to the smallest; ``choose_plan`` takes the first that has room:

========  ==============================================  ====================================
resident  everything on the device; where there is room,  published weights: 25 GiB
          both passes side by side, prompts recorded
24GB      the text encoder visits it block by block       17 GiB
12GB      as many transformer blocks as have to visit it  3 GiB and what there is room for
========  ==============================================  ====================================
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from generator.checkpoint import Checkpoint, Part, Placing
from generator.config import MAX_TEXT_TOKENS, TransformerConfig
from generator.errors import DeviceError, RequestError

RUNTIME_BYTES: Final = 700 << 20
"""Context, libraries and workspaces that a CUDA process has before the first tensor."""

PLANNED_SIDE: Final = 2048
"""Side of the square picture that a plan keeps room for."""
SMALLEST_SIDE: Final = 512
"""Side of the square picture that has to fit for the engine to start at all."""

PLANS: Final = ("resident", "24GB", "12GB")

SMALL_CARD_BYTES: Final = 11 << 30
"""What the smallest plan takes where it is asked for by name: the usable part of a 12 GB card."""

DECODE_LIMIT: Final = 1 << 26
"""Numbers of a picture that a GPU works on at a time: a share of a large picture takes a few
milliseconds more than the whole at once, and a third less memory."""

ROOMY_BYTES: Final = 70 << 30
"""Free memory from which decoded weights, twice as large, are no matter."""

BF16_BYTES: Final = 2

TRANSFORMERS: Final = (Part.TRANSFORMER, Part.UNCONDITIONAL)


@dataclass(frozen=True)
class Cost:
    """Bytes on the device."""

    weights: int
    """Stays while the model is loaded."""
    activations: int
    """Comes on top while a picture is made."""

    @property
    def total(self) -> int:
        """Peak of the process on its device."""
        return self.weights + self.activations + RUNTIME_BYTES


@dataclass(frozen=True)
class Plan:
    """Where the weights live while pictures are made."""

    name: str
    reason: str
    """What was found and what follows from it, for people."""
    placing: Placing
    weights: int
    """Bytes that stay on the device."""
    main_memory: int
    """Bytes of weights that stay in main memory, page-locked."""
    decode_limit: int | None
    """Most numbers of a picture that the autoencoder works on at a time; None for all."""
    side_by_side: bool = False
    """Whether both passes of a step are on the GPU at once."""
    records_prompts: bool = False
    """Whether the encoding of prompts is recorded, which keeps the memory that it computes in."""
    item: int = 2
    """Bytes of a number in the compute dtype."""

    @property
    def is_resident(self) -> bool:
        """Whether there is room for everything at once."""
        return self.name == PLANS[0]

    def __str__(self) -> str:
        return f"memory plan {self.name}: {self.reason}"


def choose_plan(
    checkpoint: Checkpoint,
    free: int | None,
    *,
    name: str | None = None,
    faithful: bool = False,
    item: int = 2,
    alone: bool = True,
) -> Plan:
    """The first plan that has room in ``free`` bytes, or the named one.

    ``free`` is None where there is only main memory, where everything is resident. ``faithful``
    says that products are computed from decoded weights, which is done ahead where memory abounds.
    ``item`` is the bytes of a number in the compute dtype. With a second device, which runs the
    other pass of a step, this one is not ``alone``.

    Raises:
        RequestError: for a name that is no plan, or a plan that the device cannot have.
        DeviceError: if there is no room for even a small picture.
    """
    if name is not None and name not in PLANS:
        raise RequestError(f"memory is {name!r}, expected one of {', '.join(PLANS)}")
    if free is None:
        if name not in {None, "resident"}:
            raise RequestError(f"memory is {name}, but only a GPU has a memory of its own")
        has = "no GPU, main memory holds everything"
        return replace(_resident(checkpoint, has, decoded=False, limit=None), item=item)
    plans = [
        replace(plan, item=item, side_by_side=plan.side_by_side and alone)
        for plan in _plans(checkpoint, free, name, faithful, item)
    ]
    for side in (PLANNED_SIDE, SMALLEST_SIDE):
        for plan in plans:
            # Where room is short, it goes to larger pictures instead of faster ones.
            spends = plan.side_by_side or plan.records_prompts
            if spends and side < PLANNED_SIDE:
                continue
            if plan_cost(checkpoint, plan, side, side).total <= free:
                return plan
    least = plan_cost(checkpoint, plans[-1], SMALLEST_SIDE, SMALLEST_SIDE).total
    raise DeviceError(
        f"the GPU has {_gib(free)} free, and a picture of {SMALLEST_SIDE}x{SMALLEST_SIDE} takes "
        f"{_gib(least)} with the memory plan {plans[-1].name}: {_mend(checkpoint, name)}"
    )


def check_second(
    checkpoint: Checkpoint, name: str, free: int | None, *, decoded: bool, item: int = 2
) -> None:
    """That the unconditional transformer has room on the second device of this name, by itself.

    Raises:
        DeviceError: if it has not, even for a small picture.
    """
    weights = checkpoint.nbytes(Part.UNCONDITIONAL) * (2 if decoded else 1)
    cost = Cost(weights, _pass(checkpoint, SMALLEST_SIDE, SMALLEST_SIDE) * item)
    if free is not None and cost.total > free:
        raise DeviceError(
            f"{name} has {_gib(free)} free, and the unconditional transformer takes "
            f"{_gib(cost.total)}: close other programs that use it, or name one device"
        )


def plan_cost(checkpoint: Checkpoint, plan: Plan, width: int, height: int) -> Cost:
    """What a picture of this size takes."""
    blocks = [max(checkpoint.block_bytes(part)) for part in plan.placing.streamed]
    visiting = 2 * max(blocks, default=0)
    features = encoding_numbers(checkpoint.sizes.transformer) * plan.item
    denoising = _pass(checkpoint, width, height) * plan.item + features + visiting
    decoding = _decoding(checkpoint, width, height, plan.decode_limit) * plan.item
    # The other pass's come on top of everything: what the allocator keeps for one stream is not
    # given to another, unless memory runs out.
    kept = _pass(checkpoint, width, height) * plan.item if plan.side_by_side else 0
    kept += features if plan.records_prompts else 0
    return Cost(plan.weights, max(denoising, decoding) + kept)


def encoding_numbers(config: TransformerConfig) -> int:
    """Numbers alive while the longest prompt is encoded."""
    # The text encoder's taps, one by one, stacked, interleaved and normalised.
    return 4 * MAX_TEXT_TOKENS * config.llm_features_dim


def _plans(
    checkpoint: Checkpoint, free: int, name: str | None, faithful: bool, item: int
) -> Iterator[Plan]:
    """The plans to try, best first."""
    has = f"{_gib(free)} free on the GPU"
    if name in {None, "resident"}:
        # Of fp32 weights there would be four times as many bytes.
        decoded = faithful and free >= ROOMY_BYTES and item == BF16_BYTES
        resident = _resident(checkpoint, has, decoded=decoded, limit=DECODE_LIMIT)
        beside = replace(resident, side_by_side=True)
        yield replace(beside, records_prompts=True)
        yield beside
        yield resident
    if name in {None, "24GB"}:
        yield _encoder_streamed(checkpoint, has)
    if name in {None, "12GB"}:
        budget = free if name is None else min(free, SMALL_CARD_BYTES)
        yield _blocks_streamed(checkpoint, has, budget, item)


def _resident(checkpoint: Checkpoint, has: str, *, decoded: bool, limit: int | None) -> Plan:
    weights = sum(checkpoint.nbytes(part) for part in Part)
    reason = f"{has}, weights take {_gib(weights)}"
    if decoded:
        weights *= 2
        reason = f"{has}, weights decoded once to bf16 take {_gib(weights)}"
    return Plan("resident", reason, Placing(decoded=decoded), weights, 0, limit)


def _encoder_streamed(checkpoint: Checkpoint, has: str) -> Plan:
    blocks = checkpoint.block_bytes(Part.TEXT_ENCODER)
    away = sum(blocks) + checkpoint.table_bytes()
    weights = sum(checkpoint.nbytes(part) for part in Part) - away
    placing = Placing({Part.TEXT_ENCODER: frozenset(range(len(blocks)))})
    reason = f"{has}, the text encoder visits it from {_gib(away)} of main memory"
    return Plan("24GB", reason, placing, weights, away, DECODE_LIMIT)


def _blocks_streamed(checkpoint: Checkpoint, has: str, budget: int, item: int) -> Plan:
    """As many transformer blocks resident as leave room for the largest picture."""
    encoder = _encoder_streamed(checkpoint, has)
    streamed = dict(encoder.placing.streamed)
    parts = [part for part in TRANSFORMERS if checkpoint.block_bytes(part)]
    blocks = {part: checkpoint.block_bytes(part) for part in parts}
    everything = sum(sum(sizes) for sizes in blocks.values())
    weights = encoder.weights - everything
    none = frozenset[int]()
    placing = Placing(streamed | dict.fromkeys(parts, none))
    bare = Plan("12GB", "", placing, weights, 0, DECODE_LIMIT, item=item)
    room = budget - plan_cost(checkpoint, bare, PLANNED_SIDE, PLANNED_SIDE).total
    share = min(1.0, max(0.0, room / everything))
    kept = 0
    for part, sizes in blocks.items():
        resident = _spread(int(share * len(sizes)), len(sizes))
        kept += sum(sizes[index] for index in resident)
        if len(resident) < len(sizes):
            streamed[part] = frozenset(range(len(sizes))) - resident
    away = encoder.main_memory + everything - kept
    count = sum(len(streamed.get(part, none)) for part in parts)
    total = sum(len(sizes) for sizes in blocks.values())
    reason = f"{has}, {count} of {total} blocks visit it from {_gib(away)} of main memory"
    return Plan("12GB", reason, Placing(streamed), weights + kept, away, DECODE_LIMIT)


def _spread(count: int, total: int) -> frozenset[int]:
    """``count`` of ``total`` indices at even distances, so that computing and copying alternate."""
    return frozenset(index * total // count for index in range(count))


def _mend(checkpoint: Checkpoint, name: str | None) -> str:
    mends = ["close other programs that use it"]
    if name not in {None, "12GB"}:
        mends.append("let the plan be chosen (no `memory`, no --memory)")
    if checkpoint.has_unconditional:
        mends.append("do without the unconditional transformer (unconditional=False)")
    return ", or ".join(mends)


def _gib(count: int) -> str:
    return f"{count / (1 << 30):.1f} GiB"


def _pass(checkpoint: Checkpoint, width: int, height: int) -> int:
    """Numbers alive at the widest place of a transformer block, for the longest prompt."""
    sizes = checkpoint.sizes
    side = sizes.autoencoder.pixels_per_token
    tokens = MAX_TEXT_TOKENS + (width // side) * (height // side)
    hidden, inner = sizes.transformer.hidden_size, sizes.transformer.intermediate_size
    # The residual stream and its normalised copy, and either q, k, v with their rotated copies
    # and the attention's result, or both halves of the gated unit and their product.
    return tokens * (2 * hidden + max(6 * hidden, 3 * inner))


def _decoding(checkpoint: Checkpoint, width: int, height: int, limit: int | None) -> int:
    """Numbers alive at the decoder's last resolution, where channels times pixels peak."""
    channels = checkpoint.sizes.autoencoder.block_out_channels
    wide = channels[min(1, len(channels) - 1)]
    # Of the last level: its wider input, the normalised copy of that and the product of the first
    # convolution; in strips, one of them at full size and the next one's narrower result. On an
    # H200 with the published sizes the allocator's peak above the weights was 1.4 GB at 1024 x 1024
    # and 3.9 GB at 2048 x 2048 in strips; this gives 1.5 and 4.2.
    whole = width * height * 3 * wide
    if limit is None:
        return whole
    return min(whole, width * height * (3 * wide // 2 + channels[0] // 4) + 5 * limit)
