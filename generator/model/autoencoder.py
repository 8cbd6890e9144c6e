"""The FLUX.2-type autoencoder between pictures and latents.

Shape legend: B batch, C channels, H W rows and columns.

Module names are those of the checkpoint (diffusers ``AutoencoderKLFlux2``). Pictures are in
[-1, 1]; one latent stands for a square of ``spatial_factor`` pixels a side.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from generator.config import AutoencoderConfig

NORM_EPS = 1e-6


class Autoencoder(nn.Module):
    """Encoder and decoder with the 1 x 1 convolutions at the bottleneck."""

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        self.config = config
        Z = config.latent_channels
        self.encoder = Encoder(config)
        self.quant_conv = nn.Conv2d(2 * Z, 2 * Z, 1)
        self.post_quant_conv = nn.Conv2d(Z, Z, 1)
        self.decoder = Decoder(config)

    @property
    def dtype(self) -> torch.dtype:
        return self.quant_conv.weight.dtype

    def encode(self, image_BCHW: Tensor) -> Tensor:
        """Mean latents of a picture, not sampled; without the per-channel normalisation."""
        moments: Tensor = self.quant_conv(self.encoder(image_BCHW.to(self.dtype)))
        return moments[:, : self.config.latent_channels]

    def decode(self, latents_BCHW: Tensor) -> Tensor:
        """Picture, approximately in [-1, 1], of latents without the normalisation."""
        image: Tensor = self.decoder(self.post_quant_conv(latents_BCHW.to(self.dtype)))
        return image


class Encoder(nn.Module):
    """Picture to the moments of its latents."""

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        widths, groups = config.block_out_channels, config.norm_num_groups
        self.conv_in = nn.Conv2d(config.in_channels, widths[0], 3, padding=1)
        self.down_blocks = nn.ModuleList(
            DownBlock(a, b, config, halve=level < len(widths) - 1)
            for level, (a, b) in enumerate(pairwise((widths[0], *widths)))
        )
        self.mid_block = MidBlock(widths[-1], groups)
        self.conv_norm_out = nn.GroupNorm(groups, widths[-1], NORM_EPS)
        self.conv_out = nn.Conv2d(widths[-1], 2 * config.latent_channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv_in(x)
        for block in self.down_blocks:
            x = block(x)
        x = self.mid_block(x)
        moments: Tensor = self.conv_out(F.silu(self.conv_norm_out(x)))
        return moments


class Decoder(nn.Module):
    """Latents to picture."""

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        widths, groups = config.block_out_channels[::-1], config.norm_num_groups
        self.conv_in = nn.Conv2d(config.latent_channels, widths[0], 3, padding=1)
        self.mid_block = MidBlock(widths[0], groups)
        self.up_blocks = nn.ModuleList(
            UpBlock(a, b, config, double=level < len(widths) - 1)
            for level, (a, b) in enumerate(pairwise((widths[0], *widths)))
        )
        self.conv_norm_out = nn.GroupNorm(groups, widths[-1], NORM_EPS)
        self.conv_out = nn.Conv2d(widths[-1], config.out_channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.mid_block(self.conv_in(x))
        for block in self.up_blocks:
            x = block(x)
        image: Tensor = self.conv_out(F.silu(self.conv_norm_out(x)))
        return image


class DownBlock(nn.Module):
    """Residual blocks at one resolution, then a halving where there is a next one."""

    def __init__(self, c_in: int, c_out: int, config: AutoencoderConfig, halve: bool) -> None:
        super().__init__()
        self.resnets = resnets(c_in, c_out, config.layers_per_block, config.norm_num_groups)
        self.downsamplers = nn.ModuleList([Downsample(c_out)] if halve else [])

    def forward(self, x: Tensor) -> Tensor:
        for layer in (*self.resnets, *self.downsamplers):
            x = layer(x)
        return x


class UpBlock(nn.Module):
    """Residual blocks at one resolution, one more than on the way down, then a doubling."""

    def __init__(self, c_in: int, c_out: int, config: AutoencoderConfig, double: bool) -> None:
        super().__init__()
        self.resnets = resnets(c_in, c_out, config.layers_per_block + 1, config.norm_num_groups)
        self.upsamplers = nn.ModuleList([Upsample(c_out)] if double else [])

    def forward(self, x: Tensor) -> Tensor:
        for layer in (*self.resnets, *self.upsamplers):
            x = layer(x)
        return x


class MidBlock(nn.Module):
    """Residual, attention, residual at the lowest resolution."""

    def __init__(self, channels: int, groups: int) -> None:
        super().__init__()
        self.resnets = resnets(channels, channels, 2, groups)
        self.attentions = nn.ModuleList([PixelAttention(channels, groups)])

    def forward(self, x: Tensor) -> Tensor:
        first, second = self.resnets
        out: Tensor = second(self.attentions[0](first(x)))
        return out


class ResnetBlock(nn.Module):
    """Two normalised 3 x 3 convolutions around a skip connection."""

    def __init__(self, c_in: int, c_out: int, groups: int) -> None:
        super().__init__()
        self.norm1 = nn.GroupNorm(groups, c_in, NORM_EPS)
        self.conv1 = nn.Conv2d(c_in, c_out, 3, padding=1)
        self.norm2 = nn.GroupNorm(groups, c_out, NORM_EPS)
        self.conv2 = nn.Conv2d(c_out, c_out, 3, padding=1)
        self.conv_shortcut = nn.Conv2d(c_in, c_out, 1) if c_in != c_out else None

    def forward(self, x: Tensor) -> Tensor:
        h: Tensor = self.conv1(F.silu(self.norm1(x)))
        h = self.conv2(F.silu(self.norm2(h)))
        skip: Tensor = x if self.conv_shortcut is None else self.conv_shortcut(x)
        return skip + h


class PixelAttention(nn.Module):
    """Single-head attention over all positions of the lowest resolution."""

    def __init__(self, channels: int, groups: int) -> None:
        super().__init__()
        self.group_norm = nn.GroupNorm(groups, channels, NORM_EPS)
        self.to_q = nn.Linear(channels, channels)
        self.to_k = nn.Linear(channels, channels)
        self.to_v = nn.Linear(channels, channels)
        self.to_out = nn.ModuleList([nn.Linear(channels, channels)])

    def forward(self, x_BCHW: Tensor) -> Tensor:
        pixels = self.group_norm(x_BCHW).flatten(2).transpose(1, 2)[:, None]
        q, k, v = self.to_q(pixels), self.to_k(pixels), self.to_v(pixels)
        out: Tensor = self.to_out[0](F.scaled_dot_product_attention(q, k, v)[:, 0])
        return x_BCHW + out.transpose(1, 2).reshape(x_BCHW.shape)


class Downsample(nn.Module):
    """Strided convolution, padded on the right and at the bottom only."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.conv(F.pad(x, (0, 1, 0, 1)))
        return out


class Upsample(nn.Module):
    """Nearest-neighbour doubling, then a convolution."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.conv(F.interpolate(x, scale_factor=2.0, mode="nearest"))
        return out


def resnets(c_in: int, c_out: int, count: int, groups: int) -> nn.ModuleList:
    """A chain of residual blocks of which the first changes the width."""
    widths: Sequence[int] = (c_in, *[c_out] * count)
    return nn.ModuleList(ResnetBlock(a, b, groups) for a, b in pairwise(widths))
