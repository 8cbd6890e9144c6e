"""A checkpoint that does not fit is refused by its headers, with file and tensor."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from generator.checkpoint import open_checkpoint
from generator.errors import CheckpointError
from tests.generator.checkpoint.conftest import Edit, Tensors

QKV = "layers.1.attention.qkv.weight"


def without(name: str) -> Callable[[Tensors], Tensors]:
    return lambda tensors: {n: t for n, t in tensors.items() if n != name}


def replaced(name: str, value: torch.Tensor) -> Callable[[Tensors], Tensors]:
    return lambda tensors: tensors | {name: value}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (without(QKV), rf"transformer: {QKV} is missing"),
        (without("input_proj.bias"), r"input_proj\.bias is missing"),
        (without(f"{QKV}_scale"), rf"{QKV}: is F8_E4M3, but {QKV}_scale is missing"),
        (
            replaced("input_proj.bias", torch.zeros(7)),
            r"model\.safetensors: input_proj\.bias: has shape \[7\], expected \[32\]",
        ),
        (replaced(QKV, torch.zeros(96, 32)), rf"{QKV}_scale: a scale of a weight that is F32"),
        (
            replaced(QKV, torch.zeros(96, 32, dtype=torch.float64)),
            rf"{QKV}: has dtype F64, expected F8_E4M3 or BF16",
        ),
        (
            replaced("layers.0.ffn_norm1.weight", torch.zeros(32).to(torch.float8_e4m3fn)),
            r"ffn_norm1\.weight: has dtype F8_E4M3, expected BF16",
        ),
        (replaced(f"{QKV}_scale", torch.ones(5)), rf"{QKV}_scale: is F32 \[5\], expected F32"),
        (replaced("lora.weight", torch.ones(5)), r"lora\.weight: not a tensor of this model"),
        (
            replaced(f"{QKV}.absmax", torch.ones(5)),
            r"absmax: this checkpoint is bitsandbytes NF4, .* use the fp8 one",
        ),
        (
            replaced(QKV, torch.zeros(96, 32, dtype=torch.int8)),
            "this checkpoint is quantised to I8",
        ),
    ],
)
def test_wrong_tensors(
    checkpoint: Path, edit: Edit, change: Callable[[Tensors], Tensors], message: str
) -> None:
    edit("transformer", change)
    with pytest.raises(CheckpointError, match=message):
        open_checkpoint(checkpoint)


def test_many_problems_are_counted(checkpoint: Path, edit: Edit) -> None:
    edit("transformer", lambda tensors: {n: t for n, t in tensors.items() if "bias" not in n})
    with pytest.raises(CheckpointError, match=r"and \d+ more") as caught:
        open_checkpoint(checkpoint)
    assert str(caught.value).count("is missing") == 5


def test_half_of_a_packed_matrix_in_fp8(checkpoint: Path, edit: Edit) -> None:
    name = "layers.0.feed_forward.w3.weight"

    def change(tensors: Tensors) -> Tensors:
        del tensors[f"{name}_scale"]
        return tensors | {name: torch.zeros(48, 32)}

    edit("transformer", change)
    with pytest.raises(CheckpointError, match=r"w1\.weight: fp8, but its companions"):
        open_checkpoint(checkpoint)


def test_truncated_file(checkpoint: Path) -> None:
    path = checkpoint / "text_encoder" / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(CheckpointError, match=r"text_encoder/model\.safetensors: truncated"):
        open_checkpoint(checkpoint)


def test_a_shard_that_is_not_there(checkpoint: Path) -> None:
    index = checkpoint / "transformer" / "diffusion_pytorch_model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"a": "model-00002.safetensors"}}))
    with pytest.raises(CheckpointError, match=r"model-00002\.safetensors: missing"):
        open_checkpoint(checkpoint)
    index.write_text("[]")
    with pytest.raises(CheckpointError, match="is not an index of shards"):
        open_checkpoint(checkpoint)


@pytest.mark.parametrize("part", ["transformer", "text_encoder", "vae"])
def test_a_part_that_is_not_there(checkpoint: Path, part: str) -> None:
    (checkpoint / part).rename(checkpoint / "elsewhere")
    with pytest.raises(CheckpointError, match=f"{part}: missing"):
        open_checkpoint(checkpoint)


def test_a_tokenizer_that_is_not_there(checkpoint: Path) -> None:
    (checkpoint / "tokenizer" / "tokenizer.json").unlink()
    with pytest.raises(CheckpointError, match=r"tokenizer\.json: missing; copy"):
        open_checkpoint(checkpoint)


def test_two_files_and_no_index(checkpoint: Path) -> None:
    (path,) = (checkpoint / "vae").glob("*.safetensors")
    path.rename(path.with_name("a.safetensors"))
    path.with_name("b.safetensors").write_bytes(b"")
    with pytest.raises(CheckpointError, match="2 safetensors files and no index"):
        open_checkpoint(checkpoint)
