"""The elements of a caption as a sketch needs them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

from promptkit.caption import Composition, TextElement
from promptkit.geometry import BBox, Size
from promptkit.placement import FULL, grid, inset

_TITLE_WORDS: Final = 6
_TITLE_END: Final = re.compile(
    r"[,.;:(]|\s(?:with|in|on|at|of which|that|which|who|wearing|holding|standing|sitting|and|"
    r"behind|beside|under|above|below|across|from|seen|painted|made|set)\b",
    re.IGNORECASE,
)
_ARTICLE: Final = re.compile(r"^(?:an?|the|one|two|three|four|five|several)\s+", re.IGNORECASE)
_DEPICTION: Final = re.compile(
    r"^(?:[\w-]+ ){0,3}(?:drawing|picture|illustration|photo|image|icon) of (?:an? |the )?",
    re.IGNORECASE,
)
_LOOSE_END: Final = re.compile(
    r"(?:\s+(?:an?|the|of|by|to|its|with|in|on|at|and|from|for))+$", re.IGNORECASE
)
_ALIGNED: Final = re.compile(r"\b(left|right)[ -](?:aligned|justified)|flush (left|right)\b")
_BOLD: Final = re.compile(
    r"\b(?:bold|heavy|black weight|slab|fat|thick|chunky|wood-type|block)\b", re.IGNORECASE
)
_PANEL: Final = re.compile(
    r"\b(?:plaque|panel|sticker|banner|ribbon|badge|patch|label|box|bar|button|pill|tag|plate|"
    r"stripe|band|card)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """One element: what it is called, where it is and what it is drawn with."""

    number: int
    """Its place in the list, from 1."""
    title: str
    desc: str
    text: str | None
    """The literal text; None for a thing."""
    box: BBox | None
    colors: tuple[str, ...]
    is_placed: bool
    """Whether the caption says where it is."""

    @property
    def align(self) -> str:
        found = _ALIGNED.search(self.desc)
        return (found.group(1) or found.group(2)) if found else "center"

    @property
    def is_bold(self) -> bool:
        return _BOLD.search(self.desc) is not None

    @property
    def has_panel(self) -> bool:
        """Whether the lettering stands on a ground of its own."""
        return len(self.colors) > 1 and _PANEL.search(self.desc) is not None


def parts_of(composition: Composition, size: Size) -> list[Part]:
    """The elements, back to front; where none has a box, each gets a cell of a plain grid."""
    elements = composition.elements
    boxes = [element.bbox for element in elements]
    free = _cells(len(elements), size) if not any(boxes) else boxes
    return [
        Part(
            number=number,
            title=" ".join(element.text.split())
            if isinstance(element, TextElement)
            else _title(element.desc),
            desc=element.desc,
            text=element.text if isinstance(element, TextElement) else None,
            box=box,
            colors=tuple(element.color_palette),
            is_placed=element.bbox is not None,
        )
        for number, (element, box) in enumerate(zip(elements, free, strict=True), start=1)
    ]


def _cells(count: int, size: Size) -> list[BBox]:
    if count == 0:
        return []
    columns = max(1, round(math.sqrt(count * size.width / size.height / 1.4)))
    rows = math.ceil(count / columns)
    room = inset(FULL, 60, size=size)
    return grid(rows, columns, gap=30, within=room, size=size)[:count]


def _title(words: str) -> str:
    """The first few words: what a thing is, without how it looks."""
    line = _DEPICTION.sub("", _ARTICLE.sub("", " ".join(words.split())))
    end = _TITLE_END.search(line, 3)
    head = line[: end.start()] if end else line
    return without_loose_end(" ".join(head.split()[:_TITLE_WORDS]))


def without_loose_end(words: str) -> str:
    """``words`` without an article or a preposition that nothing follows any more."""
    return _LOOSE_END.sub("", words)
