"""Which media are photographs."""

from __future__ import annotations

import pytest

from promptkit.lint.media import is_photographic, is_plain_photograph


@pytest.mark.parametrize(
    "medium",
    [
        "photograph",
        "digital photograph",
        "digital_photograph",
        "35mm film still",
        "faded Polaroid",
        "wet-plate collodion print",
        "photorealistic",
        "live-action motion picture",
        "fotografía en blanco y negro",
    ],
)
def test_photographs(medium: str) -> None:
    assert is_photographic(medium)


@pytest.mark.parametrize(
    "medium",
    [
        "illustration",
        "3d_render",
        "photorealistic 3D render",
        "hyperrealist oil painting",
        "cinematic concept art",
        "graphic design",
        "watercolour",
    ],
)
def test_other_media(medium: str) -> None:
    assert not is_photographic(medium)


def test_a_plain_photograph_says_nothing_else() -> None:
    assert is_plain_photograph("a digital photograph")
    assert not is_plain_photograph("photograph with drawn overlay")
