"""File names that every file system takes, from whatever text a template makes of them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_NAME_BYTES: Final = 120
"""Well under the 255 of common file systems, so that suffixes and temporary names fit."""

_UNSAFE = re.compile(
    r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+'
)
_PLAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,118}[A-Za-z0-9_])?")
"""Most names: nothing in them needs a second look but whether they are reserved."""
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?")


def safe_name(text: str) -> str:
    """``text`` as a file name without ending, at most 120 bytes long in UTF-8.

    What a file system forbids becomes a hyphen; dots and spaces at the ends go, and so do the
    device names of Windows.
    """
    if _PLAIN.fullmatch(text) and not _RESERVED.fullmatch(text):
        return text
    normal = unicodedata.normalize("NFC", text.encode(errors="replace").decode())
    name = _UNSAFE.sub("-", " ".join(normal.split())).strip(" .-")
    while len(name.encode()) > MAX_NAME_BYTES:
        name = name[:-1].rstrip(" .-")
    if not name or _RESERVED.fullmatch(name):
        return f"_{name}"
    return name


class Names:
    """Gives each file a name that no other has, on case-blind file systems too."""

    def __init__(self) -> None:
        self._taken: set[int] = set()

    def claim(self, text: str, number: str) -> str:
        """The safe name for ``text``; where it is taken, ``number`` is added."""
        wanted = name = safe_name(text)
        while (key := same_name(name)) in self._taken:
            while len(f"{wanted}-{number}".encode()) > MAX_NAME_BYTES:
                wanted = wanted[:-1]
            name = f"{wanted}-{number}"
            number = f"{number}x"
        self._taken.add(key)
        return name


def same_name(name: str) -> int:
    """A number that names have in common which some file system takes for one.

    It holds for this run alone: the hash of a text differs from one to the next.
    """
    # 64 bits keep a million names in little memory.
    folded = name.casefold()
    return hash(folded if folded.isascii() else unicodedata.normalize("NFC", folded))
