"""The input image of a job: what may be one, and how it is opened."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from promptkit.errors import UsageError

if TYPE_CHECKING:
    from PIL import Image

INPUT_FORMATS: Final = ("PNG", "JPEG", "WEBP")
"""What Pillow decodes without the help of other programs."""


def open_input_image(data: bytes) -> Image.Image:
    """The picture, decoded to its end: a header alone does not tell whether a file was cut short.

    Raises:
        UsageError: if it is of another kind, damaged, or too large to be decoded safely.
    """
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - jobs without one do without

    try:
        image = Image.open(io.BytesIO(data), formats=INPUT_FORMATS)
        image.load()
    except UnidentifiedImageError as error:
        raise UsageError("is no PNG, JPEG or WebP picture") from error
    except Image.DecompressionBombError as error:
        raise UsageError("has more pixels than can be opened safely; scale it down") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise UsageError(f"is damaged: {error}; save it again") from error
    return image
