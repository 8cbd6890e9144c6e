"""Read the ``config.json`` files of a checkpoint into the networks' sizes.

An entry that is absent has the published value. Both spellings in use are understood: that of
diffusers (``attention_head_dim``, ``adaln_dim``) and that of the official engine (``emb_dim``,
``adanln_dim``); rotary settings may stand at the top, in ``rope_parameters`` or ``rope_scaling``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from generator.config import (
    OFFICIAL_TAP_LAYERS,
    AutoencoderConfig,
    TextEncoderConfig,
    TransformerConfig,
)
from generator.errors import CheckpointError


def read_transformer_config(path: Path | None) -> TransformerConfig:
    """Sizes in ``transformer/config.json``; the published ones without a file."""
    entries = _read(path)
    if "emb_dim" in entries:
        heads = entries.get("num_heads", entries.get("num_attention_heads"))
        if not isinstance(heads, int) or heads < 1:
            raise CheckpointError(f"{path}: num_heads must be a positive integer")
        entries |= {"num_attention_heads": heads, "attention_head_dim": entries["emb_dim"] // heads}
    if "adanln_dim" in entries:
        entries["adaln_dim"] = entries["adanln_dim"]
    config = TransformerConfig(**_known(TransformerConfig, entries, path))
    if 3 * max(config.mrope_section[1:]) > config.attention_head_dim // 2:
        raise CheckpointError(
            f"{path}: mrope_section {list(config.mrope_section)} asks for more frequencies than "
            f"attention_head_dim {config.attention_head_dim} has"
        )
    return config


def read_text_encoder_config(path: Path | None) -> TextEncoderConfig:
    """Sizes in ``text_encoder/config.json``; the published ones without a file."""
    entries = _read(path)
    taps = entries.get("tap_layers", list(OFFICIAL_TAP_LAYERS))
    entries = dict(entries.get("text_config", entries)) | {"tap_layers": taps}
    for nested in ("rope_scaling", "rope_parameters"):
        rope = entries.get(nested) or {}
        if "rope_theta" in rope:
            entries["rope_theta"] = rope["rope_theta"]
    config = TextEncoderConfig(**_known(TextEncoderConfig, entries, path))
    if not config.tap_layers or max(config.tap_layers) >= config.num_hidden_layers:
        raise CheckpointError(
            f"{path}: tap_layers {list(config.tap_layers)} do not lie within "
            f"{config.num_hidden_layers} layers"
        )
    return config


def read_autoencoder_config(path: Path | None) -> AutoencoderConfig:
    """Sizes in ``vae/config.json``; the published ones without a file."""
    config = AutoencoderConfig(**_known(AutoencoderConfig, _read(path), path))
    for name in ("latents_shift", "latents_scale"):
        count = len(getattr(config, name))
        if count != config.token_channels:
            raise CheckpointError(
                f"{path}: {name} has {count} values, {config.latent_channels} latent channels "
                f"need {config.token_channels}; add the entry to the file"
            )
    return config


def check_together(
    transformer: TransformerConfig, text: TextEncoderConfig, autoencoder: AutoencoderConfig
) -> None:
    """Raise CheckpointError where one network's output does not fit another's input."""
    if transformer.llm_features_dim != text.features_dim:
        raise CheckpointError(
            f"transformer/config.json: llm_features_dim is {transformer.llm_features_dim}, but the "
            f"text encoder's {len(text.tap_layers)} taps of {text.hidden_size} make "
            f"{text.features_dim}"
        )
    if transformer.in_channels != autoencoder.token_channels:
        raise CheckpointError(
            f"transformer/config.json: in_channels is {transformer.in_channels}, but the "
            f"autoencoder's {autoencoder.latent_channels} latent channels make "
            f"{autoencoder.token_channels}"
        )


def _read(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{path}: cannot be read as JSON: {error}") from error
    if not isinstance(entries, dict):
        raise CheckpointError(f"{path}: is not a JSON object")
    return entries


def _known(config: type, entries: Mapping[str, Any], path: Path | None) -> dict[str, Any]:
    """The entries that a config class has, with the type of its default."""
    values: dict[str, Any] = {}
    for field in fields(config):
        if field.name not in entries:
            continue
        value: Any = entries[field.name]
        default: Any = field.default
        if isinstance(default, tuple):
            kind = type(default[0])
            good = isinstance(value, list) and all(_is_number(v, kind) for v in value)
            value = tuple(kind(v) for v in value) if good else value
        else:
            good = _is_number(value, type(default))
            value = type(default)(value) if good else value
        if not good:
            raise CheckpointError(f"{path}: {field.name} is {value!r}, which is not usable")
        values[field.name] = value
    return values


def _is_number(value: Any, kind: type) -> bool:
    allowed = (int, float) if kind is float else (int,)
    return isinstance(value, allowed) and not isinstance(value, bool)
