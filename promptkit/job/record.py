"""The record inside a finished PNG: the job, the seed it got, and what made it.

It is kept as an uncompressed ``iTXt`` chunk, so that any tool can show it and reading it never
decodes pixels.
"""

from __future__ import annotations

import io
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from promptkit.errors import UnreadableInputError
from promptkit.files import read_file
from promptkit.job.model import Job, problems_of

if TYPE_CHECKING:
    from PIL import Image

KEYWORD: Final = "promptkit"
"""The chunk's keyword."""


class Maker(BaseModel):
    """The engine that made a picture, as far as it can change the pixels."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)

    model: str
    """Hub id, or the name of the folder."""
    model_hash: str = ""
    """Fingerprint of the weights."""
    promptkit: str
    torch: str = ""
    device: str = ""
    """For example ``NVIDIA H200`` or ``cpu``."""
    tier: str = ""
    """The kernels that were chosen for the device."""


class Record(BaseModel):
    """A job that was done."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)

    version: int = 1
    job: Job
    """As it was asked for: its seed may be None."""
    seed: int
    """The seed that the picture was made with."""
    made_by: Maker

    @property
    def repeat(self) -> Job:
        """The job that makes the same picture again."""
        return self.job.with_(seed=self.seed)


def png_bytes(image: Image.Image, record: Record) -> bytes:
    """The picture as a PNG file that carries its record."""
    from PIL.PngImagePlugin import PngInfo  # noqa: PLC0415 - reading jobs must not load Pillow

    info = PngInfo()
    info.add_itxt(KEYWORD, record.model_dump_json())
    buffer = io.BytesIO()
    # The filtered rows of a photograph hold runs and hardly any other repetition: to look for runs
    # alone takes under half the time and makes no larger file.
    image.save(buffer, format="PNG", pnginfo=info, compress_type=zlib.Z_RLE)
    return buffer.getvalue()


def read_record(path: Path) -> Record:
    """The record in a PNG file; UnreadableInputError as ``parse_record``, or if there is none."""
    return parse_record(read_file(path), str(path))


def parse_record(data: bytes, where: str) -> Record:
    """The record in the bytes of a PNG.

    Raises:
        UnreadableInputError: if it is no whole PNG or carries no record, beginning with ``where``.
    """
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415

    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
            text = image.info.get(KEYWORD)
            image.verify()  # a file that was cut short must not count as a finished picture
    except UnidentifiedImageError as error:
        raise UnreadableInputError(f"{where}: is not a PNG picture") from error
    except Image.DecompressionBombError as error:
        raise UnreadableInputError(f"{where}: is larger than any picture of ours") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise UnreadableInputError(f"{where}: is damaged: {error}") from error
    if not isinstance(text, str):
        raise UnreadableInputError(f"{where}: carries no promptkit job; another program wrote it")
    try:
        return Record.model_validate_json(text)
    except ValidationError as error:
        problems = "; ".join(problems_of(error))
        raise UnreadableInputError(
            f"{where}: its record cannot be understood: {problems}"
        ) from error
