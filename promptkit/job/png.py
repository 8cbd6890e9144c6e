"""A picture as a PNG file, written several times faster than Pillow does.

Every row is stored as its difference from the row above, and strips of rows are compressed at the
same time. zlib only looks for runs in them: in the filtered rows of a photograph there is hardly
any other repetition, so that this takes half of its time and makes no larger file.
"""

from __future__ import annotations

import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL import Image

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
UP: Final = b"\x02"
"""The filter of a row: what follows is its difference from the row above."""
STRIP_BYTES: Final = 1 << 18
THREADS: Final = 8


def encode_png(image: Image.Image, texts: dict[str, str]) -> bytes:
    """An RGB picture as a file, with uncompressed ``iTXt`` chunks of keyword and text.

    A picture of another mode is converted to RGB first.
    """
    width, height = image.size
    rows = _filtered(image.convert("RGB"))
    chunks = [
        _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        *(_chunk(b"iTXt", _text(keyword, text)) for keyword, text in texts.items()),
        _chunk(b"IDAT", _compressed(rows)),
        _chunk(b"IEND", b""),
    ]
    return SIGNATURE + b"".join(chunks)


def _filtered(image: Image.Image) -> bytes:
    """The rows, each as UP and its differences."""
    from PIL import Image, ImageChops  # noqa: PLC0415 - reading jobs must not load Pillow

    above = Image.new("RGB", image.size)
    above.paste(image, (0, 1))
    data = ImageChops.subtract_modulo(image, above).tobytes()
    stride = 3 * image.width
    return UP + UP.join(data[at : at + stride] for at in range(0, len(data), stride))


def _compressed(data: bytes) -> bytes:
    """One zlib stream, made of strips that are compressed in threads (zlib lets go of the lock)."""
    strips = [data[at : at + STRIP_BYTES] for at in range(0, len(data), STRIP_BYTES)]
    with ThreadPoolExecutor(min(THREADS, len(strips))) as pool:
        deflated = pool.map(_deflate, strips)
        # Empty and final: what ends the stream whose strips end on a byte and are not final.
        end = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS).flush()
        checksum = struct.pack(">I", zlib.adler32(data))
        return b"".join((b"\x78\x01", *deflated, end, checksum))


def _deflate(strip: bytes) -> bytes:
    compressor = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS, 9, zlib.Z_RLE)
    return compressor.compress(strip) + compressor.flush(zlib.Z_FULL_FLUSH)


def _text(keyword: str, text: str) -> bytes:
    """Keyword, no compression, no language, no translated keyword, text."""
    return keyword.encode("latin-1") + bytes(5) + text.encode()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
