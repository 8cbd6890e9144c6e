"""The same weights in every published form give the same networks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from generator.checkpoint import open_checkpoint
from generator.checkpoint.names import Part
from generator.testing import SMALL
from tests.generator.checkpoint.conftest import Edit, Tensors

CPU = torch.device("cpu")


def loaded(folder: Path, part: str) -> Tensors:
    networks = open_checkpoint(folder).load(CPU, torch.float32)
    return dict(networks.by_part())[Part(part)].state_dict()


def assert_same(folder: Path, part: str, expected: Tensors) -> None:
    state = loaded(folder, part)
    assert state.keys() == expected.keys()
    for name, tensor in state.items():
        torch.testing.assert_close(tensor.float(), expected[name].float(), rtol=0, atol=0)


@pytest.fixture
def official(small_checkpoint: Path) -> dict[str, Tensors]:
    return {part.value: loaded(small_checkpoint, part.value) for part in Part}


def split_qkv(tensors: Tensors) -> Tensors:
    out: Tensors = {}
    for name, tensor in tensors.items():
        if ".attention.qkv." in name:
            for letter, piece in zip("qkv", tensor.chunk(3), strict=True):
                out[name.replace("qkv", f"to_{letter}")] = piece.contiguous()
        else:
            out[name.replace(".attention.o.", ".attention.to_out.0.")] = tensor
    return out


def comfy_transformer(tensors: Tensors) -> Tensors:
    out = {f"model.diffusion_model.{name}": tensor for name, tensor in tensors.items()}
    marks = {
        name.removesuffix("weight_scale") + "comfy_quant": torch.tensor([123], dtype=torch.uint8)
        for name in out
        if name.endswith("weight_scale")
    }
    columns = {
        name: tensor[:, None] if name.endswith("weight_scale") else tensor
        for name, tensor in out.items()
    }
    return columns | marks


@pytest.mark.parametrize("change", [split_qkv, comfy_transformer])
def test_transformer_dialects(
    checkpoint: Path,
    edit: Edit,
    official: dict[str, Tensors],
    change: Callable[[Tensors], Tensors],
) -> None:
    for part in ("transformer", "unconditional_transformer"):
        edit(part, change)
        assert_same(checkpoint, part, official[part])


def test_text_encoder_of_comfyui(
    checkpoint: Path, edit: Edit, official: dict[str, Tensors]
) -> None:
    def change(tensors: Tensors) -> Tensors:
        out = {f"model.{name}": tensor for name, tensor in tensors.items()}
        out["lm_head.weight"] = torch.zeros(2, 2)
        out["model.visual.blocks.0.attn.qkv.weight"] = torch.ones(2, 2)
        return out

    edit("text_encoder", change)
    assert_same(checkpoint, "text_encoder", official["text_encoder"])


def test_one_scale_for_a_whole_matrix(checkpoint: Path, edit: Edit) -> None:
    def change(tensors: Tensors) -> Tensors:
        for name in tensors:
            if name.endswith("q_proj.weight_scale"):
                tensors[name] = torch.tensor(0.25)
            if name.endswith("k_proj.weight_scale"):
                tensors[name] = torch.tensor([0.5])
        return tensors

    edit("text_encoder", change)
    state = loaded(checkpoint, "text_encoder")
    scale = state["layers.0.self_attn.qkv_proj.weight_scale"]
    heads, size = SMALL.text_encoder.num_attention_heads, SMALL.text_encoder.head_dim
    assert scale.dtype == torch.float32
    assert set(scale[: heads * size].tolist()) == {0.25}
    assert set(scale[heads * size : (heads + 2) * size].tolist()) == {0.5}


def test_bf16_repackage(checkpoint: Path, edit: Edit, official: dict[str, Tensors]) -> None:
    def change(tensors: Tensors) -> Tensors:
        return {
            name: (t.float() * tensors[f"{name}_scale"][:, None]).bfloat16()
            if f"{name}_scale" in tensors
            else t
            for name, t in tensors.items()
            if not name.endswith("_scale")
        }

    edit("transformer", change)
    state = loaded(checkpoint, "transformer")
    name = "layers.1.feed_forward.w13"
    fp8 = official["transformer"]
    decoded = fp8[f"{name}.weight"].float() * fp8[f"{name}.weight_scale"][:, None]
    torch.testing.assert_close(state[f"{name}.weight"], decoded.bfloat16().float())
    assert f"{name}.weight_scale" not in state


def test_shards_and_their_index(checkpoint: Path, official: dict[str, Tensors]) -> None:
    folder = checkpoint / "transformer"
    single = folder / "diffusion_pytorch_model.safetensors"
    tensors = load_file(single)
    single.unlink()
    names = sorted(tensors)
    shards = {"a.safetensors": names[::2], "b.safetensors": names[1::2]}
    for file, members in shards.items():
        save_file({name: tensors[name] for name in members}, folder / file)
    weight_map = {name: file for file, members in shards.items() for name in members}
    index = single.with_suffix(".safetensors.index.json")
    index.write_text(json.dumps({"weight_map": weight_map}))
    assert_same(checkpoint, "transformer", official["transformer"])


def bfl_name(name: str) -> str:
    rules = (
        (r"encoder\.down_blocks\.(\d+)\.resnets\.", r"encoder.down.\1.block."),
        (r"encoder\.down_blocks\.(\d+)\.downsamplers\.0\.", r"encoder.down.\1.downsample."),
        (r"mid_block\.resnets\.0", "mid.block_1"),
        (r"mid_block\.resnets\.1", "mid.block_2"),
        (r"mid_block\.attentions\.0\.group_norm", "mid.attn_1.norm"),
        (r"mid_block\.attentions\.0\.to_([qkv])", r"mid.attn_1.\1"),
        (r"mid_block\.attentions\.0\.to_out\.0", "mid.attn_1.proj_out"),
        (r"conv_shortcut", "nin_shortcut"),
        (r"conv_norm_out", "norm_out"),
        (r"^quant_conv", "encoder.quant_conv"),
        (r"^post_quant_conv", "decoder.post_quant_conv"),
    )
    for pattern, replacement in rules:
        name = re.sub(pattern, replacement, name)
    if match := re.match(r"decoder\.up_blocks\.(\d+)\.(resnets|upsamplers\.0)(.*)", name):
        kind = {"resnets": "block", "upsamplers.0": "upsample"}[match[2]]
        name = f"decoder.up.{3 - int(match[1])}.{kind}{match[3]}"
    return name


def test_original_flux2_autoencoder(
    checkpoint: Path, edit: Edit, official: dict[str, Tensors]
) -> None:
    def change(tensors: Tensors) -> Tensors:
        out = {bfl_name(name): tensor.float() for name, tensor in tensors.items()}
        for name, tensor in out.items():
            if re.search(r"attn_1\.(q|k|v|proj_out)\.weight", name):
                out[name] = tensor[:, :, None, None]
        return out

    edit("vae", change)
    assert_same(checkpoint, "vae", official["vae"])


def test_comfyui_folders(checkpoint: Path, official: dict[str, Tensors]) -> None:
    diffusion = checkpoint / "diffusion_models"
    diffusion.mkdir()
    for part, name in (
        ("transformer", "ideogram4_fp8_scaled"),
        ("unconditional_transformer", "ideogram4_unconditional_fp8_scaled"),
    ):
        (path,) = (checkpoint / part).glob("*.safetensors")
        path.rename(diffusion / f"{name}.safetensors")
    assert_same(checkpoint, "unconditional_transformer", official["unconditional_transformer"])
    assert_same(checkpoint, "transformer", official["transformer"])


def test_without_an_unconditional_transformer(checkpoint: Path) -> None:
    assert open_checkpoint(checkpoint).has_unconditional
    assert not open_checkpoint(checkpoint, unconditional=False).has_unconditional
    (checkpoint / "unconditional_transformer" / "diffusion_pytorch_model.safetensors").unlink()
    assert not open_checkpoint(checkpoint).has_unconditional
