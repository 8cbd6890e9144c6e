"""Read the ``config.json`` files of a checkpoint into the networks' sizes.

An entry that is absent has the published value. Both spellings in use are understood: that of
diffusers (``attention_head_dim``, ``adaln_dim``) and that of the official engine (``emb_dim``,
``adanln_dim``); rotary settings may stand at the top, in ``rope_parameters`` or ``rope_scaling``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, get_args, get_type_hints

from generator.config import (
    OFFICIAL_TAP_LAYERS,
    AutoencoderConfig,
    TextEncoderConfig,
    TransformerConfig,
)
from generator.errors import CheckpointError

_LEAST: Final = {"tap_layers": 0}
"""Smallest integers: layers are counted from 0, all else is a size or a count and at least 1."""


def read_transformer_config(path: Path | None) -> TransformerConfig:
    """Sizes in ``transformer/config.json``; the published ones without a file."""
    entries = _read(path)
    if "emb_dim" in entries:
        spellings = ("num_heads", "num_attention_heads")
        key = next((name for name in spellings if name in entries), spellings[0])
        width = _value(f"{path}: emb_dim", entries["emb_dim"], int)
        heads = _value(f"{path}: {key}", entries.get(key), int)
        if width % heads:
            raise CheckpointError(
                f"{path}: emb_dim is {width}, expected a multiple of {key}, which is {heads}"
            )
        entries |= {"num_attention_heads": heads, "attention_head_dim": width // heads}
    if "adanln_dim" in entries:
        entries["adaln_dim"] = _value(f"{path}: adanln_dim", entries["adanln_dim"], int)
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
    sizes = _value(f"{path}: text_config", entries.get("text_config", entries), dict)
    entries = sizes | {"tap_layers": taps}
    for nested in ("rope_scaling", "rope_parameters"):
        rope = entries.get(nested)
        if rope is not None and "rope_theta" in _value(f"{path}: {nested}", rope, dict):
            entries["rope_theta"] = rope["rope_theta"]
    config = TextEncoderConfig(**_known(TextEncoderConfig, entries, path))
    if max(config.tap_layers) >= config.num_hidden_layers:
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
    """The entries that a config class has, each as the type of its field."""
    return {
        name: _value(f"{path}: {name}", entries[name], kind, _LEAST.get(name, 1))
        for name, kind in get_type_hints(config).items()
        if name in entries
    }


def _value(place: str, value: Any, kind: Any, least: int = 1) -> Any:
    """The value as an int, a float, a dict or a tuple of such; CheckpointError if it is none."""
    if kind is int:
        good = type(value) is int and value >= least
        expected = f"an integer of at least {least}"
    elif kind is float:
        # Python reads NaN and Infinity as JSON too, and integers larger than any float.
        good = type(value) in {int, float} and abs(value) <= sys.float_info.max
        expected = "a finite number"
    elif kind is dict:
        good, expected = isinstance(value, dict), "an object"
    else:
        items = get_args(kind)
        any_length = Ellipsis in items
        good = isinstance(value, list) and (any_length or len(value) == len(items)) and bool(value)
        expected = "a list of at least 1 value" if any_length else f"a list of {len(items)} values"
        if good:
            value = [_value(f"{place}[{i}]", v, items[0], least) for i, v in enumerate(value)]
            kind = tuple
    if not good:
        raise CheckpointError(f"{place} is {value!r}, expected {expected}")
    return kind(value)
