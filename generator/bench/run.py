"""The parts of the benchmark, one after the other, each printed when it is done."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import torch

from generator.bench import report
from generator.bench.around import measure_decode, measure_encode, measure_image
from generator.bench.errors import exact_velocities, velocity_errors
from generator.bench.kernels import KERNELS, Sizes, fuses, measure_gated, measure_kernel
from generator.bench.measure import Clock
from generator.bench.options import TABLE_BATCHES, TABLE_SIZES, Options
from generator.bench.plans import measure_plan, plan_names
from generator.bench.roof import Roof, copy_bandwidth, has_e4m3, measure_roof
from generator.bench.steps import make_work, measure_passes, measure_step, step_roof
from generator.bench.subject import Subject, open_subject
from generator.devices import as_current, device_name
from generator.pipeline import Ideogram4Pipeline
from promptkit.job import Job, Maker, Record, png_bytes
from promptkit.version import VERSION

Say = Callable[[str], None]


@dataclass
class Bench:
    """A run: what is measured, with what clock, and what has come out so far."""

    options: Options
    subject: Subject
    clock: Clock
    say: Say
    results: dict[str, Any] = field(default_factory=dict)
    roofs: dict[int, tuple[Roof, Roof]] = field(default_factory=dict)
    """Of the conditional and the unconditional pass, by size."""
    bandwidth: float = 0.0

    def tokens(self, size: int) -> tuple[int, int]:
        """Tokens of both passes for a square picture."""
        image = (size // self.subject.sizes.autoencoder.pixels_per_token) ** 2
        return image + self.options.text_tokens, image

    def put(self, part: str, entry: dict[str, Any], **at: Any) -> None:
        """Keep what was measured, and print it."""
        self.results.setdefault(part, []).append(at | entry)
        self.say(report.line(part, at, entry))


@torch.inference_mode()
def run(options: Options, say: Say) -> dict[str, Any]:
    """Measure what the options name; returns everything as plain data.

    Raises RequestError or CheckpointError where there is nothing to measure.
    """
    subject = open_subject(options)
    clock = Clock(subject.device)
    if options.quick:
        clock = Clock(subject.device, repeats=2, warmups=1, sustained_seconds=0.02)
    bench = Bench(options, subject, clock, say)
    bench.results["machine"] = {
        "device": device_name(subject.device),
        "torch": torch.__version__,
        "cuda": torch.version.cuda,
        "promptkit": VERSION,
        "text_tokens": options.text_tokens,
        "weights": options.model or "random",
    }
    say(report.line("machine", {}, bench.results["machine"]))
    for part in options.parts:
        begun = time.monotonic()
        with as_current(subject.device):
            PARTS[part](bench)
        say(report.line(part, {}, {"took_s": time.monotonic() - begun}))
    return bench.results


def _roof(bench: Bench) -> None:
    config = bench.subject.sizes.transformer
    bench.bandwidth = copy_bandwidth(bench.clock, (1 << 20) if bench.options.quick else 1 << 30)
    bench.put("roof", {"copy_tb_s": bench.bandwidth})
    for size in bench.options.sizes:
        roofs = _roofs(bench, size)
        for roof in roofs:
            for kind, rates in roof.products.items():
                bench.put("roof", rates, size=size, tokens=roof.tokens, tflops=kind)
            bench.put("roof", roof.attention, size=size, tokens=roof.tokens, tflops="attention")
        for tier in bench.options.tiers:
            bench.put("roof", {"step_ms": step_roof(roofs, config, tier)}, size=size, tier=tier)


def _roofs(bench: Bench, size: int) -> tuple[Roof, Roof]:
    if size not in bench.roofs:
        config, dtype = bench.subject.sizes.transformer, bench.subject.dtype
        cond, uncond = (
            measure_roof(bench.clock, config, tokens, dtype) for tokens in bench.tokens(size)
        )
        bench.roofs[size] = cond, uncond
    return bench.roofs[size]


def _kernels(bench: Bench) -> None:
    if not has_e4m3(bench.subject.device):
        bench.put("kernels", {"skipped": "they run on a GPU with e4m3"})
        return
    bandwidth = bench.bandwidth or copy_bandwidth(bench.clock)
    for size in bench.options.sizes:
        sizes = Sizes(
            bench.subject.sizes.transformer,
            bench.subject.sizes.autoencoder,
            bench.tokens(size)[0],
            (size, size),
            bench.subject.device,
        )
        for name in KERNELS:
            entry = measure_kernel(bench.clock, name, sizes, bandwidth)
            bench.put("kernels", entry, size=size, kernel=name)
        if fuses(sizes):
            for kind, entry in measure_gated(bench.clock, sizes):
                bench.put("kernels", entry, size=size, kernel="gated", weight=kind)


def _memory(bench: Bench) -> None:
    checkpoint, tier = bench.subject.checkpoint, _usual(bench.options.tiers)
    if checkpoint is None:
        bench.put("memory", {"skipped": "the plans read a model's files: name one with --model"})
        return
    device = bench.subject.device
    prompt = bench.subject.prompt(0, bench.options.text_tokens)
    for name in plan_names(device):
        make = partial(
            Ideogram4Pipeline.from_pretrained,
            checkpoint.name,
            device=device,
            torch_dtype=bench.subject.dtype,
            tier=tier,
            memory=name,
        )
        for size in bench.options.sizes:
            entry = measure_plan(bench.clock, make, name, size, prompt)
            bench.put("memory", entry, size=size, plan=name, tier=tier)


def _usual(tiers: tuple[str, ...]) -> str:
    """The tier of those parts that are measured in one: fast where it is asked for."""
    return "fast" if "fast" in tiers else tiers[0]


def _load(bench: Bench) -> None:
    checkpoint = bench.subject.checkpoint
    if checkpoint is None:
        bench.put("load", {"skipped": "random weights are not loaded"})
        return
    ops, _ = bench.subject.in_tier(bench.options.tiers[0])
    for attempt in ("first", "second"):
        milliseconds = bench.clock.wall(
            lambda: checkpoint.load(bench.subject.device, bench.subject.dtype, ops)
        )
        bench.put("load", {"seconds": milliseconds / 1e3}, attempt=attempt)


def _encode(bench: Bench) -> None:
    for tier in bench.options.tiers:
        _, networks = bench.subject.in_tier(tier)
        bench.put(
            "encode", measure_encode(bench.clock, networks, bench.options.text_tokens), tier=tier
        )


def _step(bench: Bench) -> None:
    for size in bench.options.sizes:
        for tier in bench.options.tiers:
            _put_step(bench, "step", size, tier, batch=1)


def _table(bench: Bench) -> None:
    tier, quick = _usual(bench.options.tiers), bench.options.quick
    for size in bench.options.sizes if quick else TABLE_SIZES:
        for batch in TABLE_BATCHES[:2] if quick else TABLE_BATCHES:
            _put_step(bench, "table", size, tier, batch=batch)


def _put_step(bench: Bench, part: str, size: int, tier: str, *, batch: int) -> None:
    ops, networks = bench.subject.in_tier(tier)
    sizes = bench.subject.sizes
    work = make_work(
        networks,
        size,
        bench.options.text_tokens,
        pixels_per_token=sizes.autoencoder.pixels_per_token,
        batch=batch,
    )
    entry: dict[str, Any] = {}
    if part == "step":
        entry |= measure_passes(bench.clock, work)
    entry |= measure_step(bench.clock, work)
    if "roof" in bench.options.parts:
        roof = step_roof(_roofs(bench, size), sizes.transformer, ops.tier, batch)
        step = entry["step_ms"]
        entry |= {"roof_ms": roof, "of_roof": None if roof is None else roof / step}
    bench.put(part, entry, size=size, tier=tier, runs=str(ops.tier), batch=batch)


def _decode(bench: Bench) -> None:
    _, networks = bench.subject.in_tier(bench.options.tiers[0])
    for size in bench.options.sizes:
        bench.put("decode", measure_decode(bench.clock, networks, size), size=size)


def _image(bench: Bench) -> None:
    maker = Maker(model=bench.options.model or "random", promptkit=VERSION)
    record = Record(job=Job(prompt="{}"), seed=0, made_by=maker)
    size = bench.options.sizes[0]
    for tier in bench.options.tiers:
        make = bench.subject.maker(tier, size, bench.options.text_tokens)
        entry = measure_image(bench.clock, make, lambda image: png_bytes(image, record))
        bench.put("image", entry, size=size, tier=tier)


def _errors(bench: Bench) -> None:
    size, pixels = bench.options.sizes[0], bench.subject.sizes.autoencoder.pixels_per_token
    make = partial(
        make_work, size=size, text_tokens=bench.options.text_tokens, pixels_per_token=pixels
    )
    exact = exact_velocities(make(bench.subject.networks))
    for tier in bench.options.tiers:
        ops, networks = bench.subject.in_tier(tier)
        work = make(networks)
        bench.put("errors", velocity_errors(work, exact), size=size, tier=tier, runs=str(ops.tier))


PARTS: dict[str, Callable[[Bench], None]] = {
    "roof": _roof,
    "kernels": _kernels,
    "memory": _memory,
    "load": _load,
    "encode": _encode,
    "step": _step,
    "decode": _decode,
    "image": _image,
    "errors": _errors,
    "table": _table,
}
