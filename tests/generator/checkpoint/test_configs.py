from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from generator.checkpoint.configs import (
    check_together,
    read_autoencoder_config,
    read_text_encoder_config,
    read_transformer_config,
)
from generator.config import AutoencoderConfig, TextEncoderConfig, TransformerConfig
from generator.errors import CheckpointError


@pytest.fixture
def config(tmp_path: Path) -> Any:
    def write(entries: object) -> Path:
        path = tmp_path / "config.json"
        path.write_text(json.dumps(entries))
        return path

    return write


def test_without_a_file_the_published_sizes_hold() -> None:
    assert read_transformer_config(None) == TransformerConfig()
    assert read_text_encoder_config(None) == TextEncoderConfig()
    assert read_autoencoder_config(None) == AutoencoderConfig()
    check_together(TransformerConfig(), TextEncoderConfig(), AutoencoderConfig())


def test_both_spellings_of_the_transformer(config: Any) -> None:
    official = {"emb_dim": 384, "num_heads": 6, "adanln_dim": 32, "mrope_section": [4, 5, 5]}
    ours = {"attention_head_dim": 64, "num_attention_heads": 6, "adaln_dim": 32}
    one = read_transformer_config(config(official))
    assert one == read_transformer_config(config(ours | {"mrope_section": [4, 5, 5]}))
    assert one.hidden_size == 384
    assert one.num_layers == 34


@pytest.mark.parametrize(
    "rope",
    [
        {"rope_theta": 1e4},
        {"rope_parameters": {"rope_theta": 1e4}},
        {"rope_scaling": {"rope_theta": 1e4}},
    ],
)
def test_text_sizes_of_old_and_new_files(config: Any, rope: dict[str, Any]) -> None:
    read = read_text_encoder_config(config({"text_config": {"hidden_size": 64, **rope}}))
    assert (read.hidden_size, read.rope_theta) == (64, 1e4)
    assert read.tap_layers == TextEncoderConfig().tap_layers


def test_taps_of_a_small_checkpoint(config: Any) -> None:
    entries = {"tap_layers": [0, 2], "text_config": {"num_hidden_layers": 3}}
    assert read_text_encoder_config(config(entries)).tap_layers == (0, 2)
    entries["tap_layers"] = [0, 3]
    with pytest.raises(CheckpointError, match=r"tap_layers \[0, 3\] do not lie within 3 layers"):
        read_text_encoder_config(config(entries))


def test_other_latents_need_their_own_constants(config: Any) -> None:
    with pytest.raises(CheckpointError, match="latents_shift has 128 values, 4 latent channels"):
        read_autoencoder_config(config({"latent_channels": 4}))
    constants = {"latents_shift": [0] * 16, "latents_scale": [1.5] * 16}
    read = read_autoencoder_config(config({"latent_channels": 4, **constants}))
    assert read.latents_scale == (1.5,) * 16


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([], "is not a JSON object"),
        ({"num_layers": "many"}, "num_layers is 'many'"),
        ({"num_layers": True}, "num_layers is True"),
        ({"num_layers": 2.5}, "num_layers is 2.5"),
        ({"num_layers": 0}, r"config\.json: num_layers is 0, expected an integer of at least 1"),
        ({"num_attention_heads": 0}, "num_attention_heads is 0, expected an integer of at least 1"),
        ({"rope_theta": "1e4"}, "rope_theta is '1e4', expected a finite number"),
        ({"norm_eps": float("nan")}, "norm_eps is nan, expected a finite number"),
        ({"norm_eps": 10**400}, "norm_eps is 10+, expected a finite number"),
        ({"mrope_section": 24}, "mrope_section is 24, expected a list of 3 values"),
        ({"mrope_section": [24]}, r"mrope_section is \[24\], expected a list of 3 values"),
        ({"mrope_section": [1, 2, "x"]}, r"mrope_section\[2\] is 'x', expected an integer of"),
        (
            {"mrope_section": [1, 2, 0]},
            r"mrope_section\[2\] is 0, expected an integer of at least 1",
        ),
        ({"emb_dim": 384}, "num_heads is None, expected an integer of at least 1"),
        ({"emb_dim": "4608", "num_heads": 18}, "emb_dim is '4608', expected an integer"),
        ({"emb_dim": 0, "num_heads": 18}, "emb_dim is 0, expected an integer of at least 1"),
        ({"emb_dim": 384, "num_attention_heads": 0}, "num_attention_heads is 0, expected"),
        (
            {"emb_dim": 385, "num_heads": 6},
            "emb_dim is 385, expected a multiple of num_heads, .* 6",
        ),
        ({"adanln_dim": "32"}, "adanln_dim is '32', expected an integer of at least 1"),
        ({"attention_head_dim": 16, "mrope_section": [8, 8, 8]}, "asks for more frequencies"),
    ],
)
def test_unusable_entries(config: Any, entries: object, message: str) -> None:
    with pytest.raises(CheckpointError, match=message):
        read_transformer_config(config(entries))


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ({"text_config": [1]}, r"config\.json: text_config is \[1\], expected an object"),
        ({"text_config": None}, "text_config is None, expected an object"),
        ({"rope_scaling": 5}, "rope_scaling is 5, expected an object"),
        ({"rope_parameters": {"rope_theta": None}}, "rope_theta is None, expected a finite number"),
        ({"text_config": {"head_dim": 0}}, "head_dim is 0, expected an integer of at least 1"),
        ({"tap_layers": [0, -1]}, r"tap_layers\[1\] is -1, expected an integer of at least 0"),
        ({"tap_layers": []}, r"tap_layers is \[\], expected a list of at least 1 value"),
    ],
)
def test_unusable_entries_of_the_text_encoder(config: Any, entries: object, message: str) -> None:
    with pytest.raises(CheckpointError, match=message):
        read_text_encoder_config(config(entries))


def test_rotary_settings_may_be_null(config: Any) -> None:
    assert read_text_encoder_config(config({"rope_scaling": None})) == TextEncoderConfig()


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ({"norm_num_groups": 0}, "norm_num_groups is 0, expected an integer of at least 1"),
        ({"block_out_channels": []}, r"block_out_channels is \[\], expected a list of at least 1"),
        ({"latents_scale": [1.5, "x"]}, r"latents_scale\[1\] is 'x', expected a finite number"),
    ],
)
def test_unusable_entries_of_the_autoencoder(config: Any, entries: object, message: str) -> None:
    with pytest.raises(CheckpointError, match=message):
        read_autoencoder_config(config(entries))


def test_networks_must_fit_each_other() -> None:
    with pytest.raises(CheckpointError, match=r"llm_features_dim is 7, but .* make 53248"):
        check_together(
            TransformerConfig(llm_features_dim=7), TextEncoderConfig(), AutoencoderConfig()
        )
    with pytest.raises(CheckpointError, match=r"in_channels is 64, but .* make 128"):
        check_together(TransformerConfig(in_channels=64), TextEncoderConfig(), AutoencoderConfig())
