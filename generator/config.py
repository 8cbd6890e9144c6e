"""Sizes of the three networks, as frozen values.

The defaults are the published Ideogram 4 sizes. A small checkpoint of the same layout carries its
own sizes in the same ``config.json`` entries, and everything else follows from them.
"""

from __future__ import annotations

from dataclasses import dataclass

from generator.latents import OFFICIAL_SCALE, OFFICIAL_SHIFT

PATCH_SIZE = 2
"""Side of the square of autoencoder latents that makes one image token."""

IMAGE_POSITION_OFFSET = 65536
"""First position of an image token on each axis, far above any text position."""

MAX_TEXT_TOKENS = 2048
"""Longest prompt, chat template included, that the model was trained on."""

OFFICIAL_TAP_LAYERS = (0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 35)
"""Decoder layers of the text encoder whose outputs condition the transformer (0-based)."""


@dataclass(frozen=True)
class TransformerConfig:
    """Sizes of the diffusion transformer (``transformer/config.json``)."""

    in_channels: int = 128
    num_layers: int = 34
    num_attention_heads: int = 18
    attention_head_dim: int = 256
    intermediate_size: int = 12288
    adaln_dim: int = 512
    llm_features_dim: int = 53248
    rope_theta: float = 5_000_000.0
    mrope_section: tuple[int, int, int] = (24, 20, 20)
    norm_eps: float = 1e-5

    @property
    def hidden_size(self) -> int:
        """Width of the residual stream."""
        return self.num_attention_heads * self.attention_head_dim


@dataclass(frozen=True)
class TextEncoderConfig:
    """Sizes of the Qwen3-VL text stack (``text_config`` of ``text_encoder/config.json``).

    ``tap_layers`` is the one entry that upstream files do not have: the 0-based decoder layers
    whose outputs are the text features. Without it the official thirteen hold.
    """

    vocab_size: int = 151936
    hidden_size: int = 4096
    intermediate_size: int = 12288
    num_hidden_layers: int = 36
    num_attention_heads: int = 32
    num_key_value_heads: int = 8
    head_dim: int = 128
    rms_norm_eps: float = 1e-6
    rope_theta: float = 5_000_000.0
    tap_layers: tuple[int, ...] = OFFICIAL_TAP_LAYERS

    @property
    def features_dim(self) -> int:
        """Width of the text features: one value per hidden channel and tap."""
        return self.hidden_size * len(self.tap_layers)


@dataclass(frozen=True)
class AutoencoderConfig:
    """Sizes of the FLUX.2-type autoencoder (``vae/config.json``).

    ``latents_shift`` and ``latents_scale`` are optional entries of the file, one value per channel
    of an image token (patch-major, ``4 * latent_channels``). Without them the official constants
    hold, which fit 32 latent channels only.
    """

    in_channels: int = 3
    out_channels: int = 3
    block_out_channels: tuple[int, ...] = (128, 256, 512, 512)
    layers_per_block: int = 2
    latent_channels: int = 32
    norm_num_groups: int = 32
    latents_shift: tuple[float, ...] = OFFICIAL_SHIFT
    latents_scale: tuple[float, ...] = OFFICIAL_SCALE

    @property
    def spatial_factor(self) -> int:
        """Pixels per latent along one axis: one halving between each two resolutions."""
        return int(2 ** (len(self.block_out_channels) - 1))

    @property
    def token_channels(self) -> int:
        """Channels of an image token: all latents of its square."""
        return self.latent_channels * PATCH_SIZE * PATCH_SIZE

    @property
    def pixels_per_token(self) -> int:
        """Pixels per image token along one axis (16 for the published sizes)."""
        return self.spatial_factor * PATCH_SIZE
