"""Decide, from headers alone, where every parameter of a network comes from.

Everything that can be wrong with a file's names, shapes and dtypes is found here, before any
weight is read.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from torch import nn

from generator.checkpoint.header import TensorInfo, WeightFile
from generator.checkpoint.names import Part, official_name, sources
from generator.errors import CheckpointError
from generator.model.layers import Linear

FP8 = "F8_E4M3"
PLAIN = ("BF16", "F16", "F32")
SHOWN_PROBLEMS = 5


@dataclass(frozen=True)
class Source:
    """A tensor as a file names it."""

    path: Path
    name: str
    info: TensorInfo

    def __str__(self) -> str:
        return f"{self.path}: {self.name}"


@dataclass(frozen=True)
class Fill:
    """One parameter and the tensors that fill it, one below the other."""

    parameter: str
    tensors: tuple[Source, ...]
    scales: tuple[Source, ...]
    """The row scales of ``tensors``; empty for weights that are not fp8."""


def plan(part: Part, network: nn.Module, files: Iterable[WeightFile], levels: int) -> list[Fill]:
    """One Fill for each parameter of ``network``, which may live on the meta device.

    ``levels`` is the number of resolutions of the autoencoder. Raises CheckpointError with the
    file and the tensor of each problem.
    """
    files = list(files)
    found = {
        official: Source(file.path, name, info)
        for file in files
        for name, info in file.tensors.items()
        if (official := official_name(part, name, resolutions=levels)) is not None
    }
    _refuse_other_quantisations(found.values())
    fills: list[Fill] = []
    problems: list[str] = []
    where = files[0].path.parent
    for parameter, rows, shape, may_be_fp8 in _parameters(network):
        try:
            fills.append(_fill(part, parameter, rows, shape, may_be_fp8, found, where))
        except CheckpointError as error:
            problems.append(str(error))
    used = {source for fill in fills for source in (*fill.tensors, *fill.scales)}
    if not problems:
        problems = [f"{s}: not a tensor of this model" for s in found.values() if s not in used]
    if problems:
        raise CheckpointError(_summary(part, problems))
    return fills


def _parameters(network: nn.Module) -> Iterator[tuple[str, tuple[int, ...], tuple[int, ...], bool]]:
    """Name, rows of each packed matrix, shape, and whether fp8 is allowed, of each parameter."""
    for prefix, module in network.named_modules():
        for name, parameter in module.named_parameters(recurse=False):
            shape = tuple(parameter.shape)
            quantisable = isinstance(module, Linear) and name == "weight"
            rows = module.rows if isinstance(module, Linear) else shape[:1]
            yield f"{prefix}.{name}", rows, shape, quantisable


def _fill(
    part: Part,
    parameter: str,
    rows: tuple[int, ...],
    shape: tuple[int, ...],
    may_be_fp8: bool,
    found: dict[str, Source],
    where: Path,
) -> Fill:
    ways = sources(part, parameter)
    names = next((way for way in ways if any(name in found for name in way)), ways[0])
    for name in names:
        if name not in found:
            raise CheckpointError(f"{where}: {name} is missing")
    tensors = tuple(found[name] for name in names)
    heights = rows if len(names) > 1 else (sum(rows),)
    for source, height in zip(tensors, heights, strict=True):
        _check_shape(source, (height, *shape[1:]), part)
    if len({source.info.dtype == FP8 for source in tensors}) > 1:
        raise CheckpointError(f"{tensors[0]}: fp8, but its companions of {parameter} are not")
    scales = tuple(
        _scale(source, name, found, may_be_fp8) for source, name in zip(tensors, names, strict=True)
    )
    return Fill(parameter, tensors, tuple(s for s in scales if s is not None))


def _check_shape(source: Source, expected: tuple[int, ...], part: Part) -> None:
    shape = source.info.shape
    while len(shape) > len(expected) and shape[-1] == 1:
        shape = shape[:-1]
    if shape != expected:
        raise CheckpointError(
            f"{source}: has shape {list(source.info.shape)}, expected {list(expected)} "
            f"by {part.value}/config.json"
        )


def _scale(source: Source, name: str, found: dict[str, Source], may_be_fp8: bool) -> Source | None:
    """The scale that belongs to a tensor, by the rules of fp8 weights and of plain ones."""
    dtype = source.info.dtype
    scale = found.get(f"{name}_scale")
    if dtype in PLAIN:
        if scale is not None:
            raise CheckpointError(f"{scale}: a scale of a weight that is {dtype}, not {FP8}")
        return None
    if dtype != FP8 or not may_be_fp8:
        allowed = (FP8, *PLAIN) if may_be_fp8 else PLAIN
        raise CheckpointError(f"{source}: has dtype {dtype}, expected {' or '.join(allowed)}")
    if scale is None:
        raise CheckpointError(f"{source}: is {FP8}, but {name}_scale is missing")
    height = source.info.shape[0]
    if scale.info.dtype not in PLAIN or math.prod(scale.info.shape) not in {1, height}:
        raise CheckpointError(
            f"{scale}: is {scale.info.dtype} {list(scale.info.shape)}, expected F32 "
            f"[{height}], [{height}, 1] or []"
        )
    return scale


def _refuse_other_quantisations(found: Iterable[Source]) -> None:
    """Say plainly what a well-known but unusable publication is, instead of listing its tensors."""
    for source in found:
        kind = None
        if ".quant_state.bitsandbytes__" in source.name or source.name.endswith(".absmax"):
            kind = "bitsandbytes NF4"
        elif source.info.dtype in {"I8", "U8"}:
            kind = f"quantised to {source.info.dtype}"
        if kind is not None:
            raise CheckpointError(
                f"{source}: this checkpoint is {kind}, which the engine does not run; "
                "use the fp8 one (ideogram-ai/ideogram-4-fp8) or a bf16 repackage of it"
            )


def _summary(part: Part, problems: list[str]) -> str:
    shown = problems[:SHOWN_PROBLEMS]
    if len(problems) > len(shown):
        shown.append(f"and {len(problems) - len(shown)} more")
    lines = "".join(f"\n  {problem}" for problem in shown)
    return (
        f"the {part.value} weights do not fit the model:{lines}\n"
        "download the files again, or name a checkpoint in the official fp8, bf16, diffusers "
        "or ComfyUI layout"
    )
