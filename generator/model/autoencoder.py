"""The FLUX.2-type autoencoder between pictures and latents.

Shape legend: B batch, C channels, H W rows and columns.

Module names are those of the checkpoint (diffusers ``AutoencoderKLFlux2``). Pictures are in
[-1, 1]; one latent stands for a square of ``spatial_factor`` pixels a side. ``limit`` is, at every
layer, the most numbers of a picture that are copied at a time (see ``strips``): None for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from generator.config import AutoencoderConfig
from generator.model.strips import added, bias_of, conv_of_norm, doubled, norm_parameters
from generator.ops.picture import PLAIN, PictureOps

NORM_EPS = 1e-6


class Autoencoder(nn.Module):
    """Encoder and decoder with the 1 x 1 convolutions at the bottleneck."""

    def __init__(self, config: AutoencoderConfig, *, ops: PictureOps = PLAIN) -> None:
        super().__init__()
        self.config = config
        self.ops = ops
        Z = config.latent_channels
        self.encoder = Encoder(config, ops)
        self.quant_conv = nn.Conv2d(2 * Z, 2 * Z, 1)
        self.post_quant_conv = nn.Conv2d(Z, Z, 1)
        self.decoder = Decoder(config, ops)

    @property
    def dtype(self) -> torch.dtype:
        return self.quant_conv.weight.dtype

    def encode(self, image_BCHW: Tensor, limit: int | None = None) -> Tensor:
        """Mean latents of a picture, not sampled; without the per-channel normalisation."""
        image_BCHW = image_BCHW.to(self.dtype, memory_format=self.ops.memory_format)
        moments: Tensor = self.quant_conv(self.encoder(image_BCHW, limit))
        return moments[:, : self.config.latent_channels]

    def decode(self, latents_BCHW: Tensor, limit: int | None = None) -> Tensor:
        """Picture, approximately in [-1, 1], of latents without the normalisation."""
        latents_BCHW = latents_BCHW.to(self.dtype, memory_format=self.ops.memory_format)
        image: Tensor = self.decoder(self.post_quant_conv(latents_BCHW), limit)
        return image


class Encoder(nn.Module):
    """Picture to the moments of its latents."""

    def __init__(self, config: AutoencoderConfig, ops: PictureOps = PLAIN) -> None:
        super().__init__()
        self.ops = ops
        widths, groups = config.block_out_channels, config.norm_num_groups
        self.conv_in = nn.Conv2d(config.in_channels, widths[0], 3, padding=1)
        self.down_blocks = nn.ModuleList(
            DownBlock(a, b, config, ops, halve=level < len(widths) - 1)
            for level, (a, b) in enumerate(pairwise((widths[0], *widths)))
        )
        self.mid_block = MidBlock(widths[-1], groups, ops)
        self.conv_norm_out = nn.GroupNorm(groups, widths[-1], NORM_EPS)
        self.conv_out = nn.Conv2d(widths[-1], 2 * config.latent_channels, 3, padding=1)

    def forward(self, x: Tensor, limit: int | None = None) -> Tensor:
        x = self.conv_in(x)
        for layer in _layers(self.down_blocks):
            x = layer(x, limit)
        x = self.mid_block(x, limit)
        return _out(self.ops, x, self.conv_norm_out, self.conv_out, limit)


class Decoder(nn.Module):
    """Latents to picture."""

    def __init__(self, config: AutoencoderConfig, ops: PictureOps = PLAIN) -> None:
        super().__init__()
        self.ops = ops
        widths, groups = config.block_out_channels[::-1], config.norm_num_groups
        self.conv_in = nn.Conv2d(config.latent_channels, widths[0], 3, padding=1)
        self.mid_block = MidBlock(widths[0], groups, ops)
        self.up_blocks = nn.ModuleList(
            UpBlock(a, b, config, ops, double=level < len(widths) - 1)
            for level, (a, b) in enumerate(pairwise((widths[0], *widths)))
        )
        self.conv_norm_out = nn.GroupNorm(groups, widths[-1], NORM_EPS)
        self.conv_out = nn.Conv2d(widths[-1], config.out_channels, 3, padding=1)

    def forward(self, x: Tensor, limit: int | None = None) -> Tensor:
        x = self.mid_block(self.conv_in(x), limit)
        for layer in _layers(self.up_blocks):
            x = layer(x, limit)
        return _out(self.ops, x, self.conv_norm_out, self.conv_out, limit)


class DownBlock(nn.Module):
    """Residual blocks at one resolution, then a halving where there is a next one."""

    def __init__(
        self, c_in: int, c_out: int, config: AutoencoderConfig, ops: PictureOps, halve: bool
    ) -> None:
        super().__init__()
        self.resnets = resnets(c_in, c_out, config.layers_per_block, config.norm_num_groups, ops)
        self.downsamplers = nn.ModuleList([Downsample(c_out)] if halve else [])


class UpBlock(nn.Module):
    """Residual blocks at one resolution, one more than on the way down, then a doubling."""

    def __init__(
        self, c_in: int, c_out: int, config: AutoencoderConfig, ops: PictureOps, double: bool
    ) -> None:
        super().__init__()
        count = config.layers_per_block + 1
        self.resnets = resnets(c_in, c_out, count, config.norm_num_groups, ops)
        self.upsamplers = nn.ModuleList([Upsample(c_out, ops)] if double else [])


class MidBlock(nn.Module):
    """Residual, attention, residual at the lowest resolution."""

    def __init__(self, channels: int, groups: int, ops: PictureOps = PLAIN) -> None:
        super().__init__()
        self.resnets = resnets(channels, channels, 2, groups, ops)
        self.attentions = nn.ModuleList([PixelAttention(channels, groups, ops)])

    def forward(self, x: Tensor, limit: int | None = None) -> Tensor:
        first, second = self.resnets
        out: Tensor = second(self.attentions[0](first(x, limit)), limit)
        return out


class ResnetBlock(nn.Module):
    """Two normalised 3 x 3 convolutions around a skip connection."""

    def __init__(self, c_in: int, c_out: int, groups: int, ops: PictureOps = PLAIN) -> None:
        super().__init__()
        self.ops = ops
        self.norm1 = nn.GroupNorm(groups, c_in, NORM_EPS)
        self.conv1 = nn.Conv2d(c_in, c_out, 3, padding=1)
        self.norm2 = nn.GroupNorm(groups, c_out, NORM_EPS)
        self.conv2 = nn.Conv2d(c_out, c_out, 3, padding=1)
        self.conv_shortcut = nn.Conv2d(c_in, c_out, 1) if c_in != c_out else None

    def forward(self, x: Tensor, limit: int | None = None) -> Tensor:
        ops = self.ops
        h = conv_of_norm(ops, x, None, self.norm1, self.conv1, limit)
        h = conv_of_norm(ops, h, self.conv1.bias, self.norm2, self.conv2, limit, into_x=True)
        return added(ops, x, h, self.conv_shortcut, self.conv2, limit)


class PixelAttention(nn.Module):
    """Single-head attention over all positions of the lowest resolution."""

    def __init__(self, channels: int, groups: int, ops: PictureOps = PLAIN) -> None:
        super().__init__()
        self.ops = ops
        self.group_norm = nn.GroupNorm(groups, channels, NORM_EPS)
        self.to_q = nn.Linear(channels, channels)
        self.to_k = nn.Linear(channels, channels)
        self.to_v = nn.Linear(channels, channels)
        self.to_out = nn.ModuleList([nn.Linear(channels, channels)])

    def forward(self, x_BCHW: Tensor) -> Tensor:
        affine = self.ops.norm_affine(x_BCHW, None, norm_parameters(self.group_norm))
        normed_BCHW = self.ops.apply(x_BCHW, affine, silu=False)
        pixels_BIC = normed_BCHW.flatten(2).transpose(1, 2)
        q, k, v = self.to_q(pixels_BIC), self.to_k(pixels_BIC), self.to_v(pixels_BIC)
        out_BIC: Tensor = self.to_out[0](self.ops.attention(q, k, v))
        return x_BCHW + out_BIC.transpose(1, 2).reshape(x_BCHW.shape)


class Downsample(nn.Module):
    """Strided convolution, padded on the right and at the bottom only."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, stride=2)

    def forward(self, x: Tensor, _limit: int | None = None) -> Tensor:
        out: Tensor = self.conv(F.pad(x, (0, 1, 0, 1)))
        return out


class Upsample(nn.Module):
    """Nearest-neighbour doubling, then a convolution."""

    def __init__(self, channels: int, ops: PictureOps = PLAIN) -> None:
        super().__init__()
        self.ops = ops
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor, limit: int | None = None) -> Tensor:
        return doubled(self.ops, x, self.conv, limit)


def resnets(
    c_in: int, c_out: int, count: int, groups: int, ops: PictureOps = PLAIN
) -> nn.ModuleList:
    """A chain of residual blocks of which the first changes the width."""
    widths: Sequence[int] = (c_in, *[c_out] * count)
    return nn.ModuleList(ResnetBlock(a, b, groups, ops) for a, b in pairwise(widths))


def _layers(blocks: Iterable[nn.Module]) -> Iterator[nn.Module]:
    """The layers of all blocks in order.

    Blocks are not called: a call would keep the block's input, the largest there is, until its
    last layer is done.
    """
    for block in blocks:
        for layers in block.children():
            yield from layers.children()


def _out(
    ops: PictureOps, x: Tensor, norm: nn.GroupNorm, conv: nn.Conv2d, limit: int | None
) -> Tensor:
    """The last norm and convolution of an encoder or a decoder."""
    return conv_of_norm(ops, x, None, norm, conv, limit) + bias_of(conv)[:, None, None]
