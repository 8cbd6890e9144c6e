"""Pillow pictures to tensors in [-1, 1] and back.

Shape legend: B batch, C channels, H W rows and columns.
"""

from __future__ import annotations

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor


def fit(image: Image.Image, width: int, height: int) -> Image.Image:
    """An RGB picture of exactly ``width`` x ``height``.

    The rule: turn as its EXIF orientation says, lay transparency over white, scale (Lanczos) until
    both sides are covered, and cut off what sticks out, equally on both sides. A picture that has
    the size already keeps its pixels.
    """
    upright = ImageOps.exif_transpose(image)
    if upright.has_transparency_data:
        white = Image.new("RGBA", upright.size, "white")
        upright = Image.alpha_composite(white, upright.convert("RGBA"))
    rgb = upright.convert("RGB")
    if rgb.size == (width, height):
        return rgb
    return ImageOps.fit(rgb, (width, height), Image.Resampling.LANCZOS)


def to_tensor(image: Image.Image, dtype: torch.dtype = torch.float32) -> Tensor:
    """``[1, C, H, W]`` on the CPU; the scaling is done in ``dtype``."""
    pixels_HWC = torch.from_numpy(np.asarray(image, dtype=np.float32)).to(dtype)
    return (pixels_HWC * (2 / 255) - 1).permute(2, 0, 1)[None]


def to_image(decoded_BCHW: Tensor, *, truncate: bool = False) -> Image.Image:
    """The first picture of a batch.

    Rounds to the nearest of 0..255 in fp32, or with ``truncate`` scales in the dtype at hand and
    cuts the fraction off.
    """
    x_CHW = decoded_BCHW[0]
    if truncate:
        pixels = ((x_CHW + 1) * 127.5).clamp(0, 255)
    else:
        pixels = ((x_CHW.float().clamp(-1, 1) + 1) * 127.5).round()
    # Packed where it is: a GPU does it in no time, and a quarter of the bytes remain to be copied.
    packed_HWC = pixels.to(torch.uint8).permute(1, 2, 0).contiguous()
    return Image.fromarray(packed_HWC.cpu().numpy())
