"""Sizes of the draft networks, and the four networks together."""

from __future__ import annotations

from dataclasses import dataclass, replace

from torch import nn

from generator.config import AutoencoderConfig, TextEncoderConfig, TransformerConfig
from generator.model.autoencoder import Autoencoder
from generator.model.text_encoder import TextEncoder
from generator.model.transformer import Transformer


@dataclass(frozen=True)
class Sizes:
    """The configurations of a checkpoint."""

    transformer: TransformerConfig
    unconditional: TransformerConfig
    text_encoder: TextEncoderConfig
    autoencoder: AutoencoderConfig


@dataclass(frozen=True)
class Networks:
    """The networks of a checkpoint; the first three are trained together."""

    text_encoder: TextEncoder
    transformer: Transformer
    unconditional: Transformer
    autoencoder: Autoencoder

    def named(self) -> dict[str, nn.Module]:
        """Networks by the name of their folder in a checkpoint."""
        return {
            "text_encoder": self.text_encoder,
            "transformer": self.transformer,
            "unconditional_transformer": self.unconditional,
            "vae": self.autoencoder,
        }


def draft_sizes(vocab_size: int) -> Sizes:
    """The shipped sizes: 17 million parameters.

    The rotary base is small because a draft picture has some sixteen tokens a side: with the
    published base most frequencies would not turn at all across it.
    """
    text = TextEncoderConfig(
        vocab_size=vocab_size,
        hidden_size=256,
        intermediate_size=512,
        num_hidden_layers=4,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=64,
        rope_theta=10_000.0,
        tap_layers=(0, 1, 2, 3),
    )
    transformer = TransformerConfig(
        num_layers=8,
        num_attention_heads=5,
        attention_head_dim=64,
        intermediate_size=704,
        adaln_dim=64,
        llm_features_dim=text.features_dim,
        rope_theta=100.0,
        mrope_section=(12, 10, 10),
    )
    autoencoder = AutoencoderConfig(
        block_out_channels=(32, 48, 64, 64), layers_per_block=1, norm_num_groups=4
    )
    return Sizes(transformer, replace(transformer, num_layers=2), text, autoencoder)


def tiny_sizes(vocab_size: int) -> Sizes:
    """Sizes with which the whole script runs in seconds on a CPU; they learn nothing."""
    draft = draft_sizes(vocab_size)
    text = replace(
        draft.text_encoder,
        hidden_size=32,
        intermediate_size=32,
        num_hidden_layers=1,
        tap_layers=(0,),
    )
    transformer = replace(
        draft.transformer,
        num_layers=1,
        num_attention_heads=1,
        intermediate_size=32,
        llm_features_dim=32,
    )
    autoencoder = replace(draft.autoencoder, block_out_channels=(8, 8, 8, 8))
    return Sizes(transformer, transformer, text, autoencoder)


def build(sizes: Sizes) -> Networks:
    """Networks with torch's own first weights, on the CPU, in fp32."""
    return Networks(
        TextEncoder(sizes.text_encoder),
        Transformer(sizes.transformer),
        Transformer(sizes.unconditional, text=False),
        Autoencoder(sizes.autoencoder),
    )
