from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from PIL import Image, ImageChops

from promptkit.caption import Caption, ObjElement, TextElement, art, obj, text
from promptkit.color import to_rgb
from promptkit.geometry import BBox, Size
from promptkit.sketch import draw, to_png
from promptkit.sketch.parts import parts_of
from tests.promptkit.caption.courier import COURIER
from tests.promptkit.caption.strategies import CAPTIONS

SQUARE = Size(1024, 1024)


def _caption(*elements: ObjElement | TextElement, background: str = "white paper") -> Caption:
    return Caption.of("A test.", background=background, elements=elements)


def _picture(*elements: ObjElement | TextElement, background: str = "white paper") -> Image.Image:
    return draw(_caption(*elements, background=background), longest=200, legend=False)


def _near(picture: Image.Image, at: tuple[int, int], color: str, tolerance: int) -> bool:
    pixel = picture.getpixel(at)
    assert isinstance(pixel, tuple)
    return all(abs(a - b) <= tolerance for a, b in zip(pixel, to_rgb(color), strict=True))


@pytest.mark.parametrize(
    ("size", "shown"),
    [("1024x1024", (512, 512)), ("1536x640", (512, 213)), ("832x1472", (289, 512))],
)
def test_the_picture_has_the_shape_that_was_asked_for(size: str, shown: tuple[int, int]) -> None:
    assert draw(COURIER, Size.parse(size), longest=512, legend=False).size == shown


@pytest.mark.parametrize("size", ["1024x1024", "1472x832", "832x1472"])
def test_the_legend_stands_beside_or_below_and_leaves_the_picture_alone(size: str) -> None:
    bare = draw(COURIER, Size.parse(size), longest=600, legend=False)
    sheet = draw(COURIER, Size.parse(size), longest=600)
    assert (sheet.width > bare.width + 200) == (bare.width <= bare.height)
    assert (sheet.height > bare.height + 100) == (bare.width > bare.height)
    margin = 10
    inner = sheet.crop((margin, margin, margin + bare.width, margin + bare.height))
    inner = inner.crop((4, 4, bare.width - 4, bare.height - 4))
    expected = bare.crop((4, 4, bare.width - 4, bare.height - 4))
    assert ImageChops.difference(inner, expected).getbbox() is None


def test_a_long_legend_stands_below_in_columns() -> None:
    many = _caption(*[obj(f"hat {number}") for number in range(60)])
    sheet = draw(many, SQUARE, longest=600)
    assert sheet.width < 640
    assert sheet.height > 900


def test_a_thing_is_a_panel_of_its_colour_where_its_box_is() -> None:
    picture = _picture(obj("a sun", (250, 500, 750, 1000), ["#FF0000"]))
    assert _near(picture, (150, 100), "#FF0000", 45)
    assert _near(picture, (40, 100), "#F5F5F2", 2)
    assert _near(picture, (150, 30), "#F5F5F2", 2)


def test_later_elements_lie_on_earlier_ones() -> None:
    red = obj("a red card", (0, 0, 1000, 1000), ["#FF0000"])
    blue = obj("a blue card", (0, 0, 1000, 1000), ["#0000FF"])
    assert _near(_picture(red, blue), (100, 100), "#0000FF", 45)
    assert _near(_picture(blue, red), (100, 100), "#FF0000", 45)


def test_lettering_is_drawn_in_its_colour_inside_its_box() -> None:
    picture = _picture(text("MMM", "capitals", (400, 100, 600, 900), ["#0000FF"]))
    blue = picture.convert("RGB").getchannel("R").point(lambda red: 255 if red < 60 else 0)
    left, _, right, bottom = blue.getbbox() or (0, 0, 0, 0)
    assert right - left > 80
    assert left >= 20
    assert right <= 180
    assert bottom <= 120


def test_lettering_that_would_vanish_gets_a_ground() -> None:
    picture = _picture(text("I", "white", (0, 0, 1000, 1000), ["#FFFFFF"]))
    assert not _near(picture, (30, 100), "#F5F5F2", 60)


def test_a_sign_has_its_second_colour_as_ground() -> None:
    plaque = text("I", "white on a plaque", (0, 0, 1000, 1000), ["#FFFFFF", "#1D3F8B"])
    assert _near(_picture(plaque), (30, 100), "#1D3F8B", 3)


def test_an_element_without_a_box_is_in_the_legend_alone() -> None:
    placed, free = obj("a hat", (100, 100, 500, 500)), obj("sparks")
    both, one = _caption(placed, free), _caption(placed)
    differ = ImageChops.difference
    assert differ(draw(both, legend=False), draw(one, legend=False)).getbbox() is None
    assert draw(both, Size(1536, 512)).size == draw(one, Size(1536, 512)).size
    assert differ(draw(both, Size(1536, 512)), draw(one, Size(1536, 512))).getbbox()


@pytest.mark.parametrize("count", [1, 2, 5, 17])
@pytest.mark.parametrize("size", ["1024x1024", "1472x832", "832x1472"])
def test_without_any_box_all_stand_in_a_grid(count: int, size: str) -> None:
    caption = _caption(*[obj(f"hat {number}") for number in range(count)])
    parts = parts_of(caption.compositional_deconstruction, Size.parse(size))
    boxes = [part.box for part in parts if part.box]
    assert len(boxes) == count
    assert not any(part.is_placed for part in parts)
    assert not [1 for a in boxes for b in boxes if a is not b and a.intersection(b)]
    assert all(0.3 < box.aspect(Size.parse(size)) < 8 for box in boxes)


def test_a_transparent_background_is_a_chequerboard() -> None:
    colors = _picture(background="transparent background").getcolors()
    assert colors is not None
    assert {color for _, color in colors} == {(255, 255, 255), (228, 228, 232)}


def test_the_ground_is_the_palette_colour_that_the_words_name() -> None:
    style = art("bold", "flat", "graphic_design", "poster", ["#F2A65A", "#10213F", "#F7F3E8"])
    for words, expected in (
        ("a deep navy night sky", "#10213F"),
        ("cream paper", "#F7F3E8"),
        ("a brick wall painted orange", "#F2A65A"),
        ("nothing that has a colour", "#F7F3E8"),
    ):
        caption = Caption.of("A poster.", style, background=words, elements=[])
        assert _near(draw(caption, longest=64, legend=False), (32, 32), expected, 0)


@pytest.mark.parametrize(
    ("desc", "title"),
    [
        ("A round loaf of sourdough bread with a dark crust, on linen.", "round loaf of sourdough bread"),
        ("The bicycle courier, smiling", "bicycle courier"),
        ("A flat drawing of a hand grinder with a crank", "hand grinder"),
        ("A large dark rock split by a narrow vertical cleft", "large dark rock split"),
        ("smoke", "smoke"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_thing_is_called_by_its_first_words(desc: str, title: str) -> None:
    [part] = parts_of(_caption(obj(desc)).compositional_deconstruction, SQUARE)
    assert part.title == title


def test_the_same_caption_gives_the_same_picture() -> None:
    assert draw(COURIER, longest=300).tobytes() == draw(COURIER, longest=300).tobytes()


def test_boxes_of_a_thousandth_and_hundreds_of_elements_are_drawn() -> None:
    specks = [
        text("x", "y", BBox(number, number, number + 1, number + 1)) if number % 2
        else obj("z", BBox(number, 0, number + 1, 1000))
        for number in range(200)
    ]  # fmt: skip
    assert draw(_caption(*specks), Size(2048, 352), longest=64).width > 64


def test_a_sketch_too_small_to_show_anything_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 64"):
        draw(COURIER, longest=63)


@settings(max_examples=25, deadline=None)
@given(CAPTIONS)
def test_any_caption_can_be_drawn(caption: Caption) -> None:
    assert draw(caption, Size(1536, 512), longest=96).mode == "RGB"


def test_a_saved_sketch_is_small_and_keeps_its_colours() -> None:
    sheet = draw(COURIER, longest=512)
    data = to_png(sheet)
    plain = io.BytesIO()
    sheet.save(plain, "PNG", optimize=True)
    assert len(data) < 0.6 * len(plain.getvalue())
    saved = Image.open(io.BytesIO(data)).convert("RGB")
    assert saved.size == sheet.size
    far_off = ImageChops.difference(sheet, saved).point(lambda value: 255 if value > 70 else 0)
    assert far_off.getbbox() is None
    assert saved.getpixel((20, 20)) == sheet.getpixel((20, 20))
