"""`python -m generator.draft.export STATE FOLDER`: weights of a run in the official fp8 layout.

Every linear weight is e4m3 with one fp32 scale per row, as in the published checkpoint; norms,
biases and embeddings are bf16, and so is the whole autoencoder.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor

from generator.config import TransformerConfig
from generator.draft.training.sizes import Sizes, draft_sizes
from generator.draft.training.state import State, load_state, subset

E4M3_MAX = 448.0
CARD = "MODEL_CARD.md"


def quantise(weight_OF: Tensor) -> tuple[Tensor, Tensor]:
    """e4m3 weight and fp32 scale per row, as official quantized_loading.py encodes them."""
    scale = weight_OF.float().abs().amax(1).clamp(min=1e-12) / E4M3_MAX
    scaled = (weight_OF.float() / scale[:, None]).clamp(-E4M3_MAX, E4M3_MAX)
    return scaled.to(torch.float8_e4m3fn), scale


def official_names(folder: str, weights: Mapping[str, Tensor], sizes: Sizes) -> dict[str, Tensor]:
    """Packed matrices taken apart where the file has them apart, and the file's prefixes."""
    out: dict[str, Tensor] = {}
    kv = sizes.text_encoder.num_key_value_heads * sizes.text_encoder.head_dim
    for name, weight in weights.items():
        if folder == "text_encoder":
            name = f"language_model.{name}"
        stem = name.removesuffix(".weight")
        if stem.endswith("qkv_proj"):
            q, k, v = weight.split([weight.shape[0] - 2 * kv, kv, kv])
            parts = {"q_proj": q, "k_proj": k, "v_proj": v}
        elif stem.endswith("gate_up_proj"):
            parts = dict(zip(("gate_proj", "up_proj"), weight.chunk(2), strict=True))
        elif stem.endswith("w13"):
            parts = dict(zip(("w1", "w3"), weight.chunk(2), strict=True))
        else:
            out[name] = weight
            continue
        parent = stem.rpartition(".")[0]
        out |= {f"{parent}.{part}.weight": tensor for part, tensor in parts.items()}
    return out


def file_tensors(weights: Mapping[str, Tensor], *, fp8: bool) -> dict[str, Tensor]:
    """The tensors of one safetensors file in their stored types."""
    out: dict[str, Tensor] = {}
    for name, weight in weights.items():
        is_linear = weight.ndim == 2 and "embed" not in name
        if fp8 and is_linear:
            out[name], out[f"{name}_scale"] = quantise(weight)
        else:
            out[name] = weight.to(torch.bfloat16)
    return {name: tensor.contiguous() for name, tensor in out.items()}


def export(state: State, tokenizer: Tokenizer, folder: Path, *, fp8: bool = True) -> None:
    """Write the folders of a checkpoint; an existing model card is left alone."""
    sizes = draft_sizes(tokenizer.get_vocab_size())
    vae = subset(state.weights, "vae")
    configs = _configs(sizes, state)
    for name, config in configs.items():
        target = folder / name
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        (target / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
        if name == "vae":
            tensors = file_tensors(vae, fp8=False)
        else:
            weights = official_names(name, subset(state.weights, name), sizes)
            tensors = file_tensors(weights, fp8=fp8)
        stem = "model" if name == "text_encoder" else "diffusion_pytorch_model"
        save_file(tensors, target / f"{stem}.safetensors", metadata={"format": "pt"})
    (folder / "tokenizer").mkdir(exist_ok=True)
    tokenizer.save(str(folder / "tokenizer" / "tokenizer.json"), pretty=False)
    index = {"_class_name": "Ideogram4Pipeline", "draft": True}
    (folder / "model_index.json").write_text(json.dumps(index, indent=1) + "\n", encoding="utf-8")


def _configs(sizes: Sizes, state: State) -> dict[str, dict[str, Any]]:
    """The four `config.json`, in the entries of the published ones."""
    text = asdict(sizes.text_encoder)
    vae = asdict(sizes.autoencoder)
    vae["latents_shift"] = [round(v, 6) for v in state.shift.tolist()]
    vae["latents_scale"] = [round(v, 6) for v in state.scale.tolist()]
    return {
        "transformer": _transformer_config(sizes.transformer),
        "unconditional_transformer": _transformer_config(sizes.unconditional),
        "text_encoder": {
            "architectures": ["Qwen3VLModel"],
            "ideogram_fp8_weight_only": True,
            "tap_layers": text["tap_layers"],
            "text_config": text,
        },
        "vae": {"_class_name": "AutoencoderKLFlux2", "patch_size": [2, 2], **vae},
    }


def _transformer_config(config: TransformerConfig) -> dict[str, Any]:
    return {"_class_name": "Ideogram4Transformer2DModel", **asdict(config)}


def main() -> int:
    """Parse and export."""
    parser = argparse.ArgumentParser(description="Export a training state as a checkpoint.")
    parser.add_argument("state", type=Path, help="folder that a training run wrote")
    parser.add_argument("folder", type=Path, help="checkpoint folder to write")
    args = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(args.state / "tokenizer.json"))
    export(load_state(args.state), tokenizer, args.folder)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
