"""What a latent holds: a small picture of its square of 8 x 8 pixels.

The 32 channels of a latent are sixteen samples of luma (every 2 x 2 pixels) and eight of each
colour difference (every 4 x 2). A learned code spreads a colour over channels that mean little
alone, and a denoiser that is a little wrong draws another colour; here it draws nearly the same
colour, and most of the variance, hence of the loss, lies in what stands where in which colour.

Shape legend: B batch, C channels, H W rows and columns of pixels.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

LUMA = (0.299, 0.587, 0.114)
"""Weights of red, green and blue (ITU-R BT.601)."""


def thumbnails(image_BCHW: Tensor) -> Tensor:
    """Latents [B, 32, H / 8, W / 8] of pictures; linear, so noise stays noise."""
    red, _, blue = image_BCHW.unbind(1)
    luma = (image_BCHW * image_BCHW.new_tensor(LUMA)[:, None, None]).sum(1)
    parts = (_samples(luma, 4, 4), _samples(blue - luma, 2, 4), _samples(red - luma, 2, 4))
    return torch.cat(parts, dim=1)


def _samples(plane_BHW: Tensor, rows: int, columns: int) -> Tensor:
    """Means over a grid of rows x columns in every 8 x 8 square, one channel each."""
    B, H, W = plane_BHW.shape
    means = F.avg_pool2d(plane_BHW[:, None], (8 // rows, 8 // columns))[:, 0]
    cells = means.reshape(B, H // 8, rows, W // 8, columns)
    return cells.permute(0, 2, 4, 1, 3).reshape(B, rows * columns, H // 8, W // 8)
