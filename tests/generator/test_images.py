from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from generator.images import fit, to_image, to_tensor


def stripes(width: int, height: int) -> Image.Image:
    """Columns of rising brightness: column x has value x."""
    row = np.arange(width, dtype=np.uint8)
    return Image.fromarray(np.repeat(row[None, :, None], height, 0).repeat(3, 2))


def test_a_picture_of_the_right_size_keeps_its_pixels() -> None:
    picture = stripes(48, 32)
    assert fit(picture, 48, 32).tobytes() == picture.tobytes()


def test_a_wide_picture_loses_both_ends_equally() -> None:
    fitted = np.asarray(fit(stripes(100, 20), 20, 20))
    assert fitted.shape == (20, 20, 3)
    assert fitted[0, :, 0].tolist() == list(range(40, 60))


def test_a_small_picture_is_scaled_to_cover() -> None:
    fitted = np.asarray(fit(stripes(100, 40), 160, 80))
    assert fitted.shape == (80, 160, 3)
    assert fitted[40, 80, 0] == pytest.approx(50, abs=1)
    assert fitted[40, 0, 0] == pytest.approx(10, abs=1)


def test_orientation_and_transparency_are_resolved() -> None:
    picture = stripes(8, 4)
    picture.getexif()[0x0112] = 6  # turn a quarter clockwise to show
    assert fit(picture, 4, 8).size == (4, 8)
    assert np.asarray(fit(picture, 4, 8))[:, 0, 0].tolist() == list(range(8))
    clear = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    assert fit(clear, 4, 4).getpixel((0, 0)) == (255, 255, 255)
    assert fit(Image.new("L", (4, 4), 7), 4, 4).mode == "RGB"


def test_pixels_survive_the_round_trip() -> None:
    picture = stripes(256, 2)
    tensor = to_tensor(picture)
    assert tensor.shape == (1, 3, 2, 256)
    assert (tensor.min().item(), tensor.max().item()) == (-1.0, 1.0)
    assert to_image(tensor).tobytes() == picture.tobytes()


def test_rounding_and_truncation() -> None:
    value = torch.full((1, 3, 1, 1), 100.6 / 127.5 - 1)
    assert to_image(value).getpixel((0, 0)) == (101, 101, 101)
    assert to_image(value, truncate=True).getpixel((0, 0)) == (100, 100, 100)
    assert to_image(torch.full((1, 3, 1, 1), 9.0)).getpixel((0, 0)) == (255, 255, 255)
    assert to_image(torch.full((1, 3, 1, 1), -9.0), truncate=True).getpixel((0, 0)) == (0, 0, 0)
