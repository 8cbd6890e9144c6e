"""Fonts that have the glyphs of a text: Pillow's own, else one of the system's, else none.

Which fonts a system has is not for a sketch to decide. Where no font has all glyphs of a text, the
sketch draws bars in their place.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from PIL import ImageFont, features
from PIL.ImageFont import FreeTypeFont

_FAMILIES: Final = (
    "DejaVuSans", "NotoSans-Regular", "Arial", "SegoeUI", "Helvetica",
    "NotoSansCJK-Regular", "NotoSansSC", "NotoSansJP", "NotoSansKR", "SourceHanSans",
    "PingFang", "Hiragino", "msyh", "YuGoth", "malgun", "wqy", "ArialUnicode",
    "NotoSansArabic", "NotoNaskhArabic", "NotoSansHebrew", "NotoSansDevanagari", "NotoSansThai",
    "NotoSans", "Tahoma", "Nirmala", "Leelawadee",
)  # fmt: skip
"""Beginnings of file names, in the order in which they are tried."""
_UNUSED: Final = ("bold", "italic", "oblique", "light", "thin", "black", "mono", "condensed")
_PLAIN: Final = str.maketrans({
    "—": "-", "–": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "…": "...", "•": "·", "×": "x",
})  # fmt: skip
_NO_GLYPH: Final = "\U0010fffe"
"""A code point that is no character, so that every font draws its sign for a missing glyph."""


def font_for(text: str, size: int) -> FreeTypeFont | None:
    """A font of ``size`` pixels with a glyph for every letter of ``text``, or None.

    Fonts that also have its symbols come first; an emoji alone costs no text its letters.
    """
    if is_right_to_left(text) and not features.check("raqm"):
        return None  # only Raqm joins letters and turns lines around
    characters = frozenset(char for char in text if _is_drawn(char))
    letters = frozenset(char for char in characters if unicodedata.category(char)[0] != "S")
    file = _file_for(characters)
    if file is None and letters:
        file = _file_for(letters)
    return None if file is None else _open(file, size)


def label_font(size: int) -> FreeTypeFont:
    """The font of labels and of the legend."""
    return _open("", size)


def label(text: str) -> str:
    """``text`` on one line, with plain signs and letters for those that the label font lacks."""
    plain = " ".join(text.translate(_PLAIN).split())
    return "".join(char if char == " " or _has_glyph("", char) else _base(char) for char in plain)


def _base(char: str) -> str:
    """The letter without its accents, where the label font has that."""
    letter = unicodedata.normalize("NFKD", char)[0]
    return letter if _has_glyph("", letter) else char


def is_right_to_left(text: str) -> bool:
    """Whether the first letter of ``text`` belongs to a script that runs from right to left."""
    for char in text:
        direction = unicodedata.bidirectional(char)
        if direction in ("R", "AL", "L"):
            return direction != "L"
    return False


def _is_drawn(char: str) -> bool:
    return not char.isspace() and unicodedata.category(char) not in ("Cf", "Cc", "Mn")


@lru_cache(maxsize=256)
def _file_for(characters: frozenset[str]) -> str | None:
    """The first font with all ``characters``; "" is Pillow's own."""
    return next((file for file in _candidates() if _covers(file, characters)), None)


def _candidates() -> Iterator[str]:
    yield ""
    yield from _system_fonts()


@cache
def _system_fonts() -> tuple[str, ...]:
    found: dict[str, list[str]] = {family: [] for family in _FAMILIES}
    for folder in _folders():
        for file in sorted(folder.rglob("*.[tToO][tT][cCfF]")):
            name = file.stem.replace(" ", "")
            family = next((each for each in _FAMILIES if name.startswith(each)), None)
            if family and not any(word in name.lower() for word in _UNUSED):
                found[family].append(str(file))
    return tuple(file for files in found.values() for file in files)


def _folders() -> list[Path]:
    home = Path.home()
    if sys.platform == "win32":
        return [Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"]
    if sys.platform == "darwin":
        return [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"]
    return [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".local/share/fonts"]


@lru_cache(maxsize=64)
def _open(file: str, size: int) -> FreeTypeFont:
    if file:
        return ImageFont.truetype(file, size)
    font = ImageFont.load_default(size)
    if not isinstance(font, FreeTypeFont):
        raise TypeError("this Pillow was built without FreeType, which sketches need")
    return font


def _covers(file: str, characters: frozenset[str]) -> bool:
    return all(_has_glyph(file, char) for char in characters)


@lru_cache(maxsize=8192)
def _has_glyph(file: str, char: str) -> bool:
    return _picture(file, char) != _picture(file, _NO_GLYPH)


@lru_cache(maxsize=8192)
def _picture(file: str, char: str) -> tuple[tuple[int, int], bytes]:
    try:
        mask = _open(file, 24).getmask(char)
    except OSError:
        return (0, 0), b""  # a font file that FreeType cannot read has no glyph at all
    return mask.size, bytes(mask)
