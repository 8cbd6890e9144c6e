from __future__ import annotations

import io

import pytest
from PIL import Image

from promptkit.errors import UsageError
from promptkit.job import open_input_image


def _encoded(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((64, 48), 60).convert("RGB").save(buffer, format=kind)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_opened_whole_or_not_at_all(kind: str) -> None:
    data = _encoded(kind)
    assert open_input_image(data).size == (64, 48)
    with pytest.raises(UsageError, match=r"is damaged: .*; save it again"):
        open_input_image(data[: len(data) // 2])


@pytest.mark.parametrize("data", [b"", b"hello", _encoded("GIF"), _encoded("PNG")[:4]])
def test_other_files_are_no_pictures(data: bytes) -> None:
    with pytest.raises(UsageError, match="is no PNG, JPEG or WebP picture"):
        open_input_image(data)


def test_a_picture_of_too_many_pixels_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    with pytest.raises(UsageError, match="scale it down"):
        open_input_image(_encoded("PNG"))
