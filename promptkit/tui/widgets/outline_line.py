"""One line of the outline, as a terminal shows it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from promptkit.color import readable_on
from promptkit.lint import Severity
from promptkit.session import Part
from promptkit.session.outline import Row
from promptkit.tui.widgets.raster import shortened

_NAMES: Final = {Part.SUMMARY: "Summary", Part.STYLE: "Style", Part.BACKGROUND: "Background"}
_SIGNS: Final = {
    Severity.ERROR: Segment("●", Style(color="red")),
    Severity.WARNING: Segment("●", Style(color="yellow")),
}
_PLAIN: Final = Style()
_DIM: Final = Style(dim=True)
_BOLD: Final = Style(bold=True)


@dataclass(frozen=True, slots=True)
class Line:
    """All that a line of the outline shows."""

    row: Row
    width: int
    tokens: int
    severity: Severity | None
    color: str
    is_text: bool
    is_chosen: bool
    is_locked: bool
    is_grouped: bool


@lru_cache(maxsize=1024)
def segments(line: Line) -> list[Segment]:
    """The line from its left end to its tokens at the right."""
    part = line.row.element is None
    found = [_SIGNS[line.severity] if line.severity in _SIGNS else Segment(" ", _PLAIN)]
    found += [Segment(f"{_NAMES[line.row.part]:<11}", _BOLD)] if part else _call(line)
    number = str(line.tokens) if line.tokens else ""
    room = line.width - sum(cell_len(each.text) for each in found) - len(number)
    title = shortened(line.row.title, room - 1) if line.row.title else "—"
    gap = " " * max(room - cell_len(title), 1)
    return [*found, Segment(title, _DIM if part else _PLAIN), Segment(gap + number, _DIM)]


def _call(line: Line) -> list[Segment]:
    """What an element is called by: its number on its colour, its kind, its marks."""
    chip = _DIM
    if line.color:
        chip = Style(color=readable_on(line.color), bgcolor=line.color)
    signs = (" T " if line.is_text else " ▢ ") + "⊘ " * line.is_locked + "⊞ " * line.is_grouped
    return [
        Segment("▸" if line.is_chosen else " ", _PLAIN),
        Segment(f"{(line.row.element or 0) + 1:>2} ", chip),
        Segment(signs, _DIM),
    ]
