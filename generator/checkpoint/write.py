"""Write networks as a checkpoint folder in the official fp8 layout."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from generator.checkpoint.names import TEXT_PREFIX, Part, sources
from generator.checkpoint.networks import Networks
from generator.config import AutoencoderConfig, TextEncoderConfig, TransformerConfig
from generator.model.layers import Linear
from generator.ops.quantise import per_row

WEIGHTS_FILE = {
    Part.TRANSFORMER: "diffusion_pytorch_model.safetensors",
    Part.UNCONDITIONAL: "diffusion_pytorch_model.safetensors",
    Part.TEXT_ENCODER: "model.safetensors",
    Part.AUTOENCODER: "diffusion_pytorch_model.safetensors",
}


def write_checkpoint(
    folder: Path, networks: Networks, tokenizer: str, *, tokenizer_config: str = "{}"
) -> None:
    """Write weights, sizes and tokenizer of a whole model into ``folder``.

    Matrices of transformer and text encoder become e4m3 with one fp32 scale per row, everything
    else bfloat16. ``tokenizer`` is the text of a ``tokenizer.json``. Existing files are replaced.
    """
    for part, network in networks.by_part():
        tensors = dict(official_tensors(part, network)) | extra_tensors(part, networks)
        directory = folder / part.value
        directory.mkdir(parents=True, exist_ok=True)
        save_file(tensors, directory / WEIGHTS_FILE[part])
        _write_json(directory / "config.json", config_entries(networks, part))
    (folder / "tokenizer").mkdir(exist_ok=True)
    (folder / "tokenizer" / "tokenizer.json").write_text(tokenizer, encoding="utf-8")
    (folder / "tokenizer" / "tokenizer_config.json").write_text(tokenizer_config, encoding="utf-8")
    _write_json(folder / "model_index.json", {"_class_name": "Ideogram4Pipeline"})


def official_tensors(part: Part, network: nn.Module) -> Iterator[tuple[str, Tensor]]:
    """Every tensor of a network's official file, matrices of Linear layers quantised."""
    for prefix, module in network.named_modules():
        for name, parameter in module.named_parameters(recurse=False):
            names = sources(part, f"{prefix}.{name}")[0]
            rows = module.rows if isinstance(module, Linear) and len(names) > 1 else (-1,)
            first = 0
            for official, height in zip(names, rows, strict=True):
                piece = parameter.detach()[first : first + height if height > 0 else None]
                first += height
                if isinstance(module, Linear) and name == "weight":
                    weight, scale = quantise_rows(piece)
                    yield official, weight
                    yield f"{official}_scale", scale
                else:
                    yield official, piece.bfloat16().contiguous()


def quantise_rows(weight_OF: Tensor) -> tuple[Tensor, Tensor]:
    """The e4m3 form of a matrix and its fp32 row scales ``[O]``: the largest of a row is 448."""
    rounded = per_row(weight_OF.float())
    return rounded.data, rounded.scale[:, 0]


def extra_tensors(part: Part, networks: Networks) -> dict[str, Tensor]:
    """What official files hold and the engine does not read, so that other engines can."""
    if part is Part.TEXT_ENCODER:
        width = networks.text_encoder.config.hidden_size
        return {f"{TEXT_PREFIX}norm.weight": torch.ones(width, dtype=torch.bfloat16)}
    if part is Part.AUTOENCODER:
        config = networks.autoencoder.config
        return {
            "bn.running_mean": torch.tensor(config.latents_shift).bfloat16(),
            "bn.running_var": torch.tensor(config.latents_scale).square().bfloat16(),
            "bn.num_batches_tracked": torch.tensor(0),
        }
    return {}


def config_entries(networks: Networks, part: Part) -> Mapping[str, Any]:
    """The ``config.json`` of a network."""
    if part is Part.TEXT_ENCODER:
        return _text_encoder_entries(networks.text_encoder.config)
    config: TransformerConfig | AutoencoderConfig = networks.transformer.config
    if part is Part.UNCONDITIONAL and networks.unconditional is not None:
        config = networks.unconditional.config
    if part is Part.AUTOENCODER:
        config = networks.autoencoder.config
        return {"_class_name": "AutoencoderKLFlux2", **asdict(config)}
    return {"_class_name": "Ideogram4Transformer2DModel", **asdict(config)}


def _text_encoder_entries(config: TextEncoderConfig) -> Mapping[str, Any]:
    text = asdict(config)
    taps, theta = text.pop("tap_layers"), text.pop("rope_theta")
    rope = {"rope_type": "default", "rope_theta": theta, "mrope_interleaved": True}
    half = config.head_dim // 2
    sides = half // 3
    rope["mrope_section"] = [half - 2 * sides, sides, sides]
    return {
        "architectures": ["Qwen3VLModel"],
        "model_type": "qwen3_vl",
        "ideogram_fp8_weight_only": True,
        "tap_layers": taps,
        "text_config": {**text, "model_type": "qwen3_vl_text", "rope_parameters": rope},
    }


def _write_json(path: Path, entries: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")
