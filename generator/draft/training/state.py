"""What a run leaves behind for the next one, and for export: fp16 weights in small shards.

fp16 keeps eleven significant bits of weights that will be rounded to four; optimizer moments are
not kept, a resumed run warms up instead.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from generator.checkpoint import open_checkpoint
from generator.model.layers import Linear

SHARD_BYTES = 15_000_000


@dataclass(frozen=True)
class State:
    """Weights by `folder.parameter`, the latents' mean and spread, and how far training got."""

    weights: dict[str, Tensor]
    shift: Tensor
    scale: Tensor
    steps: int


def save_state(folder: Path, state: State) -> list[Path]:
    """Write the state, each file at once in place of an earlier one; returns its files."""
    folder.mkdir(parents=True, exist_ok=True)
    shards: list[dict[str, Tensor]] = [{"latents.shift": state.shift, "latents.scale": state.scale}]
    size = 0
    for name, weight in state.weights.items():
        half = weight.detach().to("cpu", torch.float16).contiguous()
        size += half.nbytes
        if size > SHARD_BYTES:
            shards.append({})
            size = half.nbytes
        shards[-1][name] = half
    paths = [folder / f"state-{k}.safetensors" for k in range(len(shards))]
    for path, shard in zip(paths, shards, strict=True):
        cpu = {name: t.cpu().contiguous() for name, t in shard.items()}
        unfinished = path.with_suffix(".unfinished")
        save_file(cpu, unfinished, metadata={"steps": json.dumps(state.steps)})
        unfinished.replace(path)
    return paths


def load_state(folder: Path) -> State:
    """Read what `save_state` wrote, or else a checkpoint of the draft sizes, in fp32."""
    tensors: dict[str, Tensor] = {}
    paths = sorted(folder.glob("state-*.safetensors"))
    if not paths:
        return _from_checkpoint(folder)
    for path in paths:
        tensors |= {name: t.float() for name, t in load_file(path).items()}
    steps = _steps(paths[0])
    shift, scale = tensors.pop("latents.shift"), tensors.pop("latents.scale")
    return State(tensors, shift, scale, steps)


def _from_checkpoint(folder: Path) -> State:
    """The weights of an exported checkpoint, rounded to fp8 as they are; steps start again."""
    opened = open_checkpoint(folder).load(torch.device("cpu"), torch.float32)
    weights: dict[str, Tensor] = {}
    for part, network in opened.by_part():
        for prefix, module in network.named_modules():
            for name, parameter in module.named_parameters(recurse=False):
                weight = parameter.detach().float()
                if (
                    isinstance(module, Linear)
                    and module.weight_scale is not None
                    and name == "weight"
                ):
                    weight *= module.weight_scale[:, None]
                weights[f"{part.value}.{prefix}.{name}"] = weight
    config = opened.autoencoder.config
    shift, scale = torch.tensor(config.latents_shift), torch.tensor(config.latents_scale)
    return State(weights, shift, scale, steps=0)


def tokenizer_file(folder: Path) -> Path:
    """The tokenizer beside a training state, or that of a checkpoint."""
    beside = folder / "tokenizer.json"
    return beside if beside.is_file() else folder / "tokenizer" / "tokenizer.json"


def _steps(path: Path) -> int:
    with path.open("rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    return int(json.loads(header["__metadata__"]["steps"]))


def subset(weights: Mapping[str, Tensor], folder: str) -> dict[str, Tensor]:
    """The weights of one network, without its name."""
    return {
        k.removeprefix(folder + "."): v for k, v in weights.items() if k.startswith(folder + ".")
    }
