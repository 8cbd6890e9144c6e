from __future__ import annotations

import io
import random

import pytest
from PIL import Image

from promptkit.job.png import STRIP_BYTES, encode_png


def noise(width: int, height: int) -> Image.Image:
    data = random.Random(5).randbytes(3 * width * height)  # noqa: S311 - only has to be noise
    return Image.frombytes("RGB", (width, height), data)


@pytest.mark.parametrize(
    "picture",
    [
        Image.new("RGB", (1, 1), "red"),
        Image.new("RGB", (64, 48), "teal"),
        Image.linear_gradient("L").convert("RGB"),
        noise(7, 5),
        noise(300, 700),
    ],
    ids=["pixel", "flat", "gradient", "small", "strips"],
)
def test_pixels_come_back(picture: Image.Image) -> None:
    data = encode_png(picture, {})
    opened = Image.open(io.BytesIO(data))
    opened.load()
    assert (opened.format, opened.mode, opened.size) == ("PNG", "RGB", picture.size)
    assert opened.tobytes() == picture.tobytes()


def test_a_large_picture_is_made_of_several_strips() -> None:
    assert 2 * STRIP_BYTES < 3 * 300 * 700


def test_texts_are_kept_as_they_are() -> None:
    texts = {"a": "{}", "caption": "Grüße, 你好\n"}
    opened = Image.open(io.BytesIO(encode_png(noise(4, 4), texts)))
    opened.load()
    assert {name: str(text) for name, text in opened.info.items()} == texts


def test_a_gradient_is_stored_in_little_room() -> None:
    picture = Image.linear_gradient("L").convert("RGB")
    assert len(encode_png(picture, {})) < 0.05 * len(picture.tobytes())


def test_pillow_verifies_the_checksums() -> None:
    Image.open(io.BytesIO(encode_png(noise(30, 20), {"k": "v"}))).verify()


def test_another_mode_becomes_rgb() -> None:
    grey = Image.linear_gradient("L")
    opened = Image.open(io.BytesIO(encode_png(grey, {})))
    assert opened.tobytes() == grey.convert("RGB").tobytes()
