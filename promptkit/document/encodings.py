"""From a file's bytes to text, and what is wrong with the way it was saved."""

from __future__ import annotations

import codecs
from typing import Final

from promptkit.document.edit import SURROGATE
from promptkit.document.escapes import lone_surrogate
from promptkit.document.node import Flaw

_ENCODINGS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"{\0", "utf-16-le"),
    (b"\0{", "utf-16-be"),
)


def to_text(source: str | bytes) -> tuple[str, list[Flaw]]:
    """The text of a file, as well as it can be read."""
    text, flaws = _decode(source) if isinstance(source, bytes) else (source, [])
    halves = [
        lone_surrogate(match.start(), match.end(), ord(match.group()))
        for match in SURROGATE.finditer(text)
    ]
    return text, [*flaws, *halves]


def _decode(data: bytes) -> tuple[str, list[Flaw]]:
    for mark, encoding in _ENCODINGS:
        if data.startswith(mark):
            text = data.decode(encoding, errors="replace")
            name = encoding.upper()[:6]
            return text, [Flaw("not-utf8", 0, 0, f"the file is {name}; save it as UTF-8")]
    try:
        return data.decode(), []
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        message = f"byte {error.start} (0x{data[error.start]:02X}) is not UTF-8; save as UTF-8"
        flaw = Flaw("not-utf8", len(before), len(before) + 1, message)
        return data.decode(errors="replace"), [flaw]
