"""The cases of the dialects: files that say what goes in and what has to come out.

``cases/DIALECT/NAME.json`` goes in; ``NAME.caption.json`` is the caption that comes out and
``NAME.changes.txt`` the account of what changed. A name may say more: ``@WxH`` is the picture's
size, ``.from-DIALECT`` asks for a dialect, and ``.refused`` means that there is no caption and that
the account says why.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from promptkit.dialects import convert
from promptkit.errors import CaptionError
from promptkit.geometry import Size

FOLDER = Path(__file__).parent / "cases"


class Case(NamedTuple):
    """One case."""

    file: Path
    size: Size | None
    asked: str | None
    refused: bool

    @property
    def caption(self) -> Path:
        return self.file.with_name(f"{self.file.stem}.caption.json")

    @property
    def account(self) -> Path:
        return self.file.with_name(f"{self.file.stem}.changes.txt")


def cases() -> list[Case]:
    """Every case, by folder and name."""
    files = sorted(FOLDER.glob("*/*.json"))
    return [_case(file) for file in files if ".caption" not in file.suffixes]


def outcome(case: Case) -> tuple[str | None, str]:
    """The caption and the account that ``convert`` gives now."""
    try:
        converted = convert(case.file.read_bytes(), case.asked, case.size)
    except CaptionError as error:
        return None, f"{error}\n"
    lines = [f"dialects: {' '.join(converted.dialects)}".rstrip(), f"size: {converted.size}"]
    return f"{converted.caption_text}\n", "".join(f"{e}\n" for e in (*lines, *converted.changes))


def _case(file: Path) -> Case:
    size = re.search(r"@(\d+x\d+)", file.stem)
    asked = re.search(r"\.from-([a-z-]+)", file.stem)
    return Case(
        file,
        Size.parse(size[1]) if size else None,
        asked[1] if asked else None,
        ".refused" in file.stem,
    )
