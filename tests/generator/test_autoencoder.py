from __future__ import annotations

import math
from typing import Any

import pytest
import torch
import torch.nn.functional as F

from generator.model.autoencoder import (
    Autoencoder,
    Downsample,
    PixelAttention,
    ResnetBlock,
    Upsample,
)
from generator.testing import SMALL, random_networks

CONFIG = SMALL.autoencoder


@pytest.fixture
def autoencoder() -> Autoencoder:
    return random_networks(SMALL).autoencoder


def group_norm(x: torch.Tensor, groups: int) -> torch.Tensor:
    grouped = x.reshape(len(x), groups, -1)
    centred = grouped - grouped.mean(-1, keepdim=True)
    return (centred / (centred.pow(2).mean(-1, keepdim=True) + 1e-6).sqrt()).reshape(x.shape)


@torch.no_grad()
def test_resnet_block() -> None:
    block = ResnetBlock(4, 6, 2)
    x = torch.randn(1, 4, 5, 5)
    a = group_norm(x, 2)
    h = F.conv2d(a * torch.sigmoid(a), block.conv1.weight, block.conv1.bias, padding=1)
    a = group_norm(h, 2)
    h = F.conv2d(a * torch.sigmoid(a), block.conv2.weight, block.conv2.bias, padding=1)
    assert block.conv_shortcut is not None
    assert block.conv_shortcut.bias is not None
    skip = torch.einsum("bchw,oc->bohw", x, block.conv_shortcut.weight[:, :, 0, 0])
    expected = h + skip + block.conv_shortcut.bias[:, None, None]
    torch.testing.assert_close(block(x), expected)


@torch.no_grad()
def test_pixel_attention() -> None:
    block = PixelAttention(4, 2)
    x = torch.randn(1, 4, 2, 3)
    pixels = group_norm(x, 2)[0].reshape(4, 6).T
    q, k, v = (layer(pixels) for layer in (block.to_q, block.to_k, block.to_v))
    mixed = block.to_out[0]((q @ k.T / math.sqrt(4)).softmax(-1) @ v)
    torch.testing.assert_close(block(x), x + mixed.T.reshape(1, 4, 2, 3))


@torch.no_grad()
def test_halving_pads_right_and_below() -> None:
    layer = Downsample(1)
    torch.nn.init.zeros_(layer.conv.weight)
    assert layer.conv.bias is not None
    torch.nn.init.zeros_(layer.conv.bias)
    layer.conv.weight[0, 0, 0, 0] = 1.0
    x = torch.arange(16.0).view(1, 1, 4, 4)
    assert layer(x)[0, 0].tolist() == [[0.0, 2.0], [8.0, 10.0]]


@torch.no_grad()
def test_doubling_repeats_pixels() -> None:
    layer = Upsample(1)
    torch.nn.init.zeros_(layer.conv.weight)
    assert layer.conv.bias is not None
    torch.nn.init.zeros_(layer.conv.bias)
    layer.conv.weight[0, 0, 1, 1] = 1.0
    assert layer(torch.tensor([[[[1.0, 2.0]]]]))[0, 0].tolist() == [[1, 1, 2, 2], [1, 1, 2, 2]]


@torch.no_grad()
def test_sizes(autoencoder: Autoencoder) -> None:
    latents = autoencoder.encode(torch.randn(1, 3, 32, 48))
    assert latents.shape == (1, CONFIG.latent_channels, 4, 6)
    assert autoencoder.decode(latents).shape == (1, 3, 32, 48)


@torch.no_grad()
def test_encoding_is_the_mean_and_both_bottleneck_convolutions_act(
    autoencoder: Autoencoder,
) -> None:
    picture = torch.randn(1, 3, 16, 16)
    before, decoded = autoencoder.encode(picture), autoencoder.decode(torch.ones(1, 4, 2, 2))
    assert autoencoder.quant_conv.bias is not None
    assert autoencoder.post_quant_conv.bias is not None
    autoencoder.quant_conv.bias[: CONFIG.latent_channels] += 1
    autoencoder.quant_conv.bias[CONFIG.latent_channels :] += 100
    autoencoder.post_quant_conv.bias += 1
    torch.testing.assert_close(autoencoder.encode(picture), before + 1)
    assert not torch.allclose(autoencoder.decode(torch.ones(1, 4, 2, 2)), decoded)


@torch.no_grad()
@pytest.mark.parametrize("limit", [1, 150, 1000, 10**9])
def test_a_picture_in_strips_is_the_picture(autoencoder: Autoencoder, limit: int) -> None:
    latents = torch.randn(1, CONFIG.latent_channels, 5, 3)
    whole = autoencoder.decode(latents)
    torch.testing.assert_close(autoencoder.decode(latents, limit), whole, rtol=1e-4, atol=1e-4)
    clean = autoencoder.encode(whole)
    torch.testing.assert_close(autoencoder.encode(whole, limit), clean, rtol=1e-4, atol=1e-4)


@torch.no_grad()
def test_no_layer_copies_more_than_the_limit(
    autoencoder: Autoencoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    conv2d = F.conv2d

    def watched(x: torch.Tensor, weight: torch.Tensor, *rest: Any, **named: Any) -> torch.Tensor:
        if weight.shape[-1] == 3:
            sizes.append(x.numel())
        return conv2d(x, weight, *rest, **named)

    monkeypatch.setattr(F, "conv2d", watched)
    limit, row = 1024, 8 * 64
    autoencoder.decode(torch.randn(1, CONFIG.latent_channels, 8, 8), limit)
    assert max(sizes) <= limit + 2 * row
    assert len(sizes) > 30
