from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptkit.color import (
    contrast,
    darken,
    from_rgb,
    is_hex_color,
    lighten,
    luminance,
    mix,
    normalize_hex,
    readable_on,
    to_rgb,
)

CHANNEL = st.integers(0, 255)
COLORS = st.builds(from_rgb, CHANNEL, CHANNEL, CHANNEL)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("#1af", "#11AAFF"), ("1AF", "#11AAFF"), ("#a1b2c3", "#A1B2C3"), (" #FFFFFF ", "#FFFFFF")],
)
def test_loose_hex_is_normalised(written: str, meant: str) -> None:
    assert normalize_hex(written) == meant


@pytest.mark.parametrize("text", ["", "#12", "#12345", "red", "#GGGGGG", "##FFFFFF", "#FFFFFF00"])
def test_other_text_is_no_colour(text: str) -> None:
    assert normalize_hex(text) is None
    with pytest.raises(ValueError, match="write it as #RRGGBB"):
        to_rgb(text)


@pytest.mark.parametrize("text", ["#ffffff", "FFFFFF", "#FFF", "#FFFFFF\n"])
def test_only_the_trained_form_is_canonical(text: str) -> None:
    assert not is_hex_color(text)


@given(CHANNEL, CHANNEL, CHANNEL)
def test_channels_round_trip(red: int, green: int, blue: int) -> None:
    assert to_rgb(from_rgb(red, green, blue)) == (red, green, blue)


def test_a_channel_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="256"):
        from_rgb(0, 256, 0)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert luminance("#FF0000") == pytest.approx(0.2126)


def test_mixing() -> None:
    assert mix("#000000", "#FFFFFF", 0.5) == "#808080"
    assert mix("#102030", "#F0E0D0", 0) == "#102030"
    assert lighten("#204060", 1) == "#FFFFFF"
    assert darken("#204060", 0.5) == "#102030"
    with pytest.raises(ValueError, match=r"outside 0\.\.1"):
        mix("#000000", "#FFFFFF", 1.5)


@given(COLORS)
def test_the_readable_partner_is_always_legible(background: str) -> None:
    assert contrast(background, readable_on(background)) >= 4.5


def test_the_readable_partner_comes_from_the_candidates() -> None:
    assert readable_on("#FFF3B0", ["#E09F3E", "#540B0E"]) == "#540B0E"
