from __future__ import annotations

import pytest
from PIL import Image, ImageDraw, ImageFilter

from generator.service.blocked import looks_blocked
from tests.quick_generator import blocked_picture


def _noisy(image: Image.Image, sigma: float) -> Image.Image:
    noise = Image.effect_noise(image.size, sigma).convert("RGB")
    return Image.blend(image, noise, 0.05)


@pytest.mark.parametrize("size", [(512, 512), (1024, 1024), (2048, 1024), (1024, 256)])
@pytest.mark.parametrize("surface", ["#606060", "#808080", "#9A9C9B", "#B8B8B8"])
def test_grey_with_a_line_of_lettering_is_blocked(size: tuple[int, int], surface: str) -> None:
    image = Image.new("RGB", size, surface)
    draw = ImageDraw.Draw(image)
    text = "Image blocked by safety filter"
    center = (size[0] // 2, size[1] // 2)
    draw.text(center, text, fill="white", anchor="mm", font_size=size[0] // 24)
    assert looks_blocked(image)
    assert looks_blocked(_noisy(image, 20))
    assert looks_blocked(image.filter(ImageFilter.GaussianBlur(1)))


def test_the_quick_engine_s_is_too() -> None:
    assert looks_blocked(blocked_picture(512, 512))


def _scene(kind: str) -> Image.Image:
    image = Image.new("RGB", (512, 512), "#808080")
    draw = ImageDraw.Draw(image)
    if kind == "white page with text":
        image.paste("white", (0, 0, 512, 512))
        draw.text((100, 250), "Image blocked by safety filter", fill="black", font_size=24)
    elif kind == "black page with text":
        image.paste("black", (0, 0, 512, 512))
        draw.text((100, 250), "Image blocked by safety filter", fill="white", font_size=24)
    elif kind == "coloured wall with text":
        image.paste("#80609A", (0, 0, 512, 512))
        draw.text((100, 250), "Image blocked by safety filter", fill="white", font_size=24)
    elif kind == "fog":
        image = Image.linear_gradient("L").resize((512, 512)).convert("RGB")
    elif kind == "black and white photograph":
        image = Image.effect_noise((512, 512), 60).convert("RGB")
    elif kind == "coloured sign on a grey wall":
        draw.rectangle((180, 200, 340, 300), fill="#C02020")
    elif kind == "large thing on grey":
        draw.ellipse((100, 100, 400, 400), fill="#202020")
    return image


@pytest.mark.parametrize(
    "kind",
    [
        "plain grey",
        "white page with text",
        "black page with text",
        "coloured wall with text",
        "fog",
        "black and white photograph",
        "coloured sign on a grey wall",
        "large thing on grey",
    ],
)
def test_other_pictures_are_not(kind: str) -> None:
    assert not looks_blocked(_scene(kind))
