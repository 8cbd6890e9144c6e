"""First weights of a decoder that already unpacks thumbnails, so that it has only to sharpen them.

Each doubling is a nearest-neighbour one and then a convolution, which cannot simply pick another
channel for every second pixel. The two kernels below do so up to a difference of neighbours, which
is nothing where a picture is flat.
"""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn

from generator.draft.training.thumbnails import LUMA
from generator.model.autoencoder import Autoencoder, PixelAttention, ResnetBlock, UpBlock, Upsample

_PICK = torch.tensor([[-0.5, 0.5, 0.5], [0.5, 0.5, -0.5]])
"""Along one axis, for the even and the odd of two new pixels."""
_BLEND = torch.tensor([0.25, 0.5, 0.25])
"""Linear interpolation."""
_REFERENCE = 8.0
"""A constant so large that the last norm, which has it in its group, is nearly one too."""


def fits(network: Autoencoder) -> bool:
    """Whether the network has the four resolutions and channels that this needs."""
    widths = network.config.block_out_channels[::-1]
    if len(widths) != 4 or widths[0] < 32 or network.config.latent_channels != 32:
        return False
    return min(widths) >= 8 and widths[3] == 8 * network.config.norm_num_groups


@torch.no_grad()
def unpack_thumbnails(network: Autoencoder) -> None:
    """Set the decoder's first weights in place; residual branches start at nothing."""
    decoder = network.decoder
    for module in decoder.modules():
        if isinstance(module, ResnetBlock):
            _silence(module.conv2)
        if isinstance(module, PixelAttention):
            for linear in module.to_out.children():
                _silence(cast("nn.Linear", linear))
    _keep(network.post_quant_conv, torch.eye(32))
    _keep(decoder.conv_in, torch.eye(32))
    blocks = [block for block in decoder.up_blocks if isinstance(block, UpBlock)]
    _set(_doubling(blocks[0]), _first())
    _set(_doubling(blocks[1]), _second())
    _keep(_shortcut(blocks[2]), torch.eye(3))
    _set(_doubling(blocks[2]), _third())
    last = _shortcut(blocks[3])
    pairs = torch.eye(3).repeat_interleave(2, dim=0) * torch.tensor([1.0, -1.0]).repeat(3)[:, None]
    _keep(last, pairs)
    last.weight[6:8].zero_()
    _bias(last)[:8] = torch.tensor([0.0] * 6 + [_REFERENCE, -_REFERENCE])
    red, green, blue = LUMA
    # Y, B - Y and R - Y to red, green and blue.
    colors = torch.tensor([[1.0, 0.0, 1.0], [1.0, -blue / green, -red / green], [1.0, 1.0, 0.0]])
    signed = torch.stack((colors, -colors), dim=-1).flatten(1) * (_REFERENCE / 2)
    _silence(decoder.conv_out)
    decoder.conv_out.weight[:, :6, 1, 1] = signed  # silu(x) - silu(-x) is x


def _first() -> Tensor:
    """32 x 32 to 64 x 64: [8, 32, 3, 3]."""
    weight = torch.zeros(8, 32, 3, 3)
    for p in range(2):
        for q in range(2):
            kernel = torch.outer(_PICK[p], _PICK[q])
            for i in range(2):
                for j in range(2):
                    weight[2 * i + j, 4 * (2 * p + i) + 2 * q + j] = kernel
            for j in range(2):
                weight[4 + j, 16 + 4 * p + 2 * q + j] = kernel
                weight[6 + j, 24 + 4 * p + 2 * q + j] = kernel
    return weight


def _second() -> Tensor:
    """64 x 64 to 128 x 128: [3, 8, 3, 3]."""
    weight = torch.zeros(3, 8, 3, 3)
    for q in range(2):
        for p in range(2):
            weight[0, 2 * p + q] = torch.outer(_PICK[p], _PICK[q])
        weight[1, 4 + q] = torch.outer(_BLEND, _PICK[q])
        weight[2, 6 + q] = torch.outer(_BLEND, _PICK[q])
    return weight


def _third() -> Tensor:
    """128 x 128 to 256 x 256: [3, 3, 3, 3]."""
    return torch.eye(3)[:, :, None, None] * torch.outer(_BLEND, _BLEND)


def _doubling(block: UpBlock) -> nn.Conv2d:
    upsample = block.upsamplers[0]
    if not isinstance(upsample, Upsample):
        raise TypeError("the decoder has another kind of doubling")
    return upsample.conv


def _shortcut(block: UpBlock) -> nn.Conv2d:
    first = block.resnets[0]
    if not isinstance(first, ResnetBlock) or first.conv_shortcut is None:
        raise TypeError("the decoder's last two resolutions change their width")
    return first.conv_shortcut


def _keep(conv: nn.Conv2d, matrix: Tensor) -> None:
    """Let the first channels be a matrix times the first channels of the same pixel."""
    rows, columns = matrix.shape
    middle = conv.kernel_size[0] // 2
    weight = torch.zeros(rows, columns, *conv.kernel_size)
    weight[:, :, middle, middle] = matrix
    _set(conv, weight)


def _set(conv: nn.Conv2d, weight: Tensor) -> None:
    """Write the kernels of the first channels; they read nothing else."""
    rows, columns = weight.shape[:2]
    conv.weight[:rows].zero_()
    conv.weight[:rows, :columns] = weight
    _bias(conv)[:rows] = 0.0


def _silence(layer: nn.Conv2d | nn.Linear) -> None:
    layer.weight.zero_()
    _bias(layer).zero_()


def _bias(conv: nn.Conv2d | nn.Linear) -> Tensor:
    if conv.bias is None:
        raise ValueError("every convolution of the decoder has a bias")
    return conv.bias
