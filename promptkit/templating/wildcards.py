"""Wildcard files: a choice a line, with a weight before ``::`` where it is to have one."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Final, NamedTuple

from promptkit.errors import UnreadableInputError
from promptkit.files import read_file
from promptkit.templating.variables import TemplateError, Weighted

MAX_WILDCARD_BYTES: Final = 4 << 20
_OTHER_ENCODINGS: Final = {
    codecs.BOM_UTF32_LE: "UTF-32", codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16",
}  # fmt: skip


class Line(NamedTuple):
    """A choice, and where it stands."""

    place: str
    choice: Weighted


def read_wildcards(file: str, folder: Path) -> list[Line]:
    """The choices of a file beside the template; blank lines and ``#`` comments are none.

    Raises:
        TemplateError: if the file lies elsewhere, cannot be read, or is no text in UTF-8; it names
            the line.
    """
    base = folder.resolve()
    path = (base / file).resolve()
    if not path.is_relative_to(base):
        raise TemplateError(f"'{file}' lies outside the template's folder; move it there")
    try:
        data = read_file(path, MAX_WILDCARD_BYTES + 1)
    except UnreadableInputError as error:
        raise TemplateError(str(error)) from error
    if len(data) > MAX_WILDCARD_BYTES:
        raise TemplateError(f"{path}: is larger than {MAX_WILDCARD_BYTES >> 20} MiB; split it")
    # A line ends as a text file's does; other separators may be a part of what is to be written.
    lines = _text(data, path).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    wanted = [(number, line.strip()) for number, line in enumerate(lines, 1)]
    listed = [
        Line(f"{path}:{number}", _choice(line))
        for number, line in wanted
        if line and not line.startswith("#")
    ]
    if not listed:
        raise TemplateError(f"{path}: holds no choice; write one on each line")
    return listed


def _text(data: bytes, path: Path) -> str:
    for mark, encoding in _OTHER_ENCODINGS.items():
        if data.startswith(mark):
            raise TemplateError(f"{path}: is {encoding}; save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The mark that may stand at the beginning has been taken off what the error counts in.
        before = error.object[: error.start]
        line = before.count(b"\n") + 1
        byte = f"0x{error.object[error.start]:02X}"
        raise TemplateError(f"{path}:{line}: byte {byte} is not UTF-8; save as UTF-8") from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise TemplateError(f"{path}:{line}: holds a zero byte, so it is no text; save as UTF-8")
    return text


def _choice(line: str) -> Weighted:
    weight, separator, value = line.partition("::")
    try:
        return (
            Weighted(value=value.strip(), weight=float(weight))
            if separator
            else Weighted(value=line)
        )
    except ValueError:
        return Weighted(value=line)
