"""Draw boxes finer than a terminal's cells: two by two blocks a cell, in two colours.

Pure functions from boxes to rows of cells. Lettering and labels go on top of the blocks.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, zip_longest
from typing import Final, NamedTuple

from rich.cells import cell_len

from promptkit.color import contrast, mix, readable_on, to_rgb
from promptkit.geometry import GRID, BBox, Size

CELL_RATIO: Final = 2.0
"""A cell's height over its width, in nearly every terminal font."""
_BLOCKS: Final = " ▗▖▄▝▐▞▟▘▚▌▙▀▜▛█"
"""By the quarters that the ink fills: 8 top left, 4 top right, 2 bottom left, 1 bottom right."""
_LEGIBLE: Final = 3.0
_JOINER: Final = "\u200d"
_NON_JOINER: Final = "\u200c"


class Run(NamedTuple):
    """Neighbouring cells in the same colours."""

    text: str
    ink: str
    ground: str


@dataclass(frozen=True, slots=True)
class Item:
    """One box to draw."""

    box: BBox
    fill: str
    """``#RRGGBB``."""
    line: str
    label: str
    lettering: tuple[str, ...] = ()
    """The literal lines of a text element."""
    ink: str = ""
    """The colour of the lettering; empty: whatever can be read."""
    handles: bool = False
    """Whether it can be taken by its corners."""


@dataclass(frozen=True, slots=True)
class Area:
    """The picture within a widget, in cells."""

    left: int
    top: int
    width: int
    height: int

    def grid(self, column: float, row: float) -> tuple[int, int]:
        """The (x, y) on the 0..1000 grid of a place in the widget."""
        x = round((column - self.left) * GRID / self.width)
        y = round((row - self.top) * GRID / self.height)
        return min(max(x, 0), GRID), min(max(y, 0), GRID)

    def cells(self, box: BBox) -> tuple[int, int, int, int]:
        """Left, top, right, bottom of a box in cells of the picture; the ends exclusive."""
        left = min(box.x_min * self.width // GRID, self.width - 1)
        top = min(box.y_min * self.height // GRID, self.height - 1)
        right = max(-(-box.x_max * self.width // GRID), left + 1)
        bottom = max(-(-box.y_max * self.height // GRID), top + 1)
        return left, top, right, bottom


def fitted(columns: int, rows: int, size: Size) -> Area:
    """The largest picture of the shape of ``size`` in a widget of so many cells."""
    shape = size.width / size.height * CELL_RATIO
    width = min(columns, round(rows * shape))
    height = min(rows, max(round(width / shape), 1))
    width = max(width, 1)
    return Area((columns - width) // 2, (rows - height) // 2, width, height)


def draw(
    items: Sequence[Item], area: Area, ground: str, band: range | None = None
) -> list[list[Run]]:
    """The rows of the picture, or of a band of it; back to front in the order of ``items``."""
    band = range(area.height) if band is None else band
    seen = [item for item in items if _crosses(item, area, band)]
    cells = dict(zip(band, _blocks(_pixels(seen, area, ground, band)), strict=True))
    taken: set[tuple[int, int]] = set()
    for item in reversed(seen):
        _write(cells, item, area, taken)
    return [list(_runs(row)) for row in cells.values()]


def changed(old: Sequence[Item], new: Sequence[Item], area: Area) -> range:
    """The rows that look different with the new items; a row shows the boxes that cross it only."""
    differing = {each for pair in zip_longest(old, new) if pair[0] != pair[1] for each in pair}
    spans = [area.cells(item.box) for item in differing if item is not None]
    top = min((span[1] for span in spans), default=0)
    return range(top, max((span[3] for span in spans), default=top))


class _Cell(NamedTuple):
    text: str
    ink: str
    ground: str


def _crosses(item: Item, area: Area, band: range) -> bool:
    _, top, _, bottom = area.cells(item.box)
    return top < band.stop and bottom > band.start


def _pixels(items: Iterable[Item], area: Area, ground: str, band: range) -> list[list[str]]:
    width, height = area.width * 2, area.height * 2
    pixels = [[ground] * width for _ in range(2 * len(band))]
    first, end = 2 * band.start, 2 * band.stop
    for item in items:
        box = item.box
        left = min(box.x_min * width // GRID, width - 1)
        top = min(box.y_min * height // GRID, height - 1)
        right = max(-(-box.x_max * width // GRID), left + 1)
        bottom = max(-(-box.y_max * height // GRID), top + 1)
        edge = [item.line] * (right - left)
        inner = [item.line, *[item.fill] * (right - left - 2), item.line]
        for row in range(max(top, first), min(bottom, end)):
            is_edge = row in (top, bottom - 1)
            pixels[row - first][left:right] = edge if is_edge or right - left < 2 else inner
    return pixels


def _blocks(pixels: list[list[str]]) -> list[list[_Cell]]:
    # Most rows look like the one above: boxes have straight sides.
    known: dict[tuple[str, ...], list[_Cell]] = {}
    rows: list[list[_Cell]] = []
    for upper, lower in zip(pixels[0::2], pixels[1::2], strict=True):
        key = (*upper, *lower)
        if key not in known:
            quarters = zip(upper[0::2], upper[1::2], lower[0::2], lower[1::2], strict=True)
            known[key] = [_block(each) for each in quarters]
        rows.append(known[key].copy())
    return rows


@lru_cache(maxsize=4096)
def _block(colors: tuple[str, str, str, str]) -> _Cell:
    (ground, _), *others = Counter(colors).most_common()
    if not others:
        return _Cell(" ", ground, ground)
    ink = others[0][0]
    filled = 0
    for place, color in enumerate(colors):
        near = color == ink or (color != ground and _distance(color, ink, ground))
        filled |= near << (3 - place)
    return _Cell(_BLOCKS[filled], ink, ground)


def _distance(color: str, ink: str, ground: str) -> bool:
    """Whether ``color`` is nearer to the ink than to the ground."""
    own, one, other = to_rgb(color), to_rgb(ink), to_rgb(ground)
    return sum(abs(a - b) for a, b in zip(own, one, strict=True)) < sum(
        abs(a - b) for a, b in zip(own, other, strict=True)
    )


def _write(
    cells: dict[int, list[_Cell]], item: Item, area: Area, taken: set[tuple[int, int]]
) -> None:
    """Put the label, the lettering and the handles of one box on the blocks."""
    left, top, right, bottom = area.cells(item.box)
    wide, high = right - left >= 4, bottom - top >= 3
    first, last = (top + 1, bottom - 1) if high else (top, bottom)
    begin, end = (left + 1, right - 1) if wide else (left, right)
    if item.handles:
        corners = {(top, left), (top, right - 1), (bottom - 1, left), (bottom - 1, right - 1)}
        for row, column in corners:
            if row not in cells:
                continue
            cells[row][column] = _Cell("■", item.line, cells[row][column].ground)
            taken.add((row, column))
    lines = _set_upright(item.lettering, end - begin, last - first)[: max(last - first, 0)]
    start = first + (last - first - len(lines)) // 2
    for number, line in enumerate(lines):
        is_long = cell_len(line) > end - begin
        text = shortened(line, right - left if is_long else end - begin)
        column = max(left + (right - left - cell_len(text)) // 2, left)
        _put(cells, start + number, column, text, item.ink, taken)
    label = shortened(item.label, end - begin)
    if (first, begin + cell_len(label)) not in taken:
        _put(cells, first, begin, label, "", taken)


def _set_upright(lines: tuple[str, ...], width: int, height: int) -> tuple[str, ...]:
    """A line of East Asian characters that is too long for its box but fits from top to bottom."""
    if len(lines) != 1 or cell_len(lines[0]) <= width or width < 2:
        return lines
    clusters = list(_clusters(lines[0]))
    if len(clusters) > height or any(cells != 2 for _, cells in clusters):
        return lines
    return tuple(cluster for cluster, _ in clusters)


def _put(
    cells: dict[int, list[_Cell]],
    row: int,
    column: int,
    text: str,
    ink: str,
    taken: set[tuple[int, int]],
) -> None:
    """Write text where nothing in front of it has been written."""
    clusters = list(_clusters(text))
    places = {(row, column + step) for step in range(sum(width for _, width in clusters))}
    if not places or places & taken or row not in cells:
        return
    if column + len(places) > len(cells[row]):
        return
    taken |= places
    for cluster, width in clusters:
        ground = cells[row][column].ground
        cells[row][column] = _Cell(cluster, legible(ink, ground), ground)
        if width == 2:
            cells[row][column + 1] = _Cell("", cells[row][column].ink, ground)
        column += width


@lru_cache(maxsize=1024)
def legible(ink: str, ground: str) -> str:
    """The ink if it can be read on the ground, else the nearest that can."""
    if ink and contrast(ink, ground) >= _LEGIBLE:
        return ink
    return mix(ground, readable_on(ground), 0.85)


def shortened(text: str, width: int) -> str:
    """As much of ``text`` as fits into so many cells, on one line."""
    line = text if text.isascii() and text.isprintable() else _readable(text)
    if cell_len(line) <= width:
        return line
    kept, room = [], width - 1
    for cluster, cells in _clusters(line):
        room -= cells
        if room < 0:
            break
        kept.append(cluster)
    return "".join([*kept, "…"]) if width > 0 else ""


@lru_cache(maxsize=1024)
def _readable(text: str) -> str:
    """A text as a line of a terminal can have it.

    What is not seen goes: controls of direction would turn the rest of the terminal's line as well.
    Letters stay in the order of reading; terminals that know scripts read from the right turn them
    themselves. A joiner stays between pictographs only: after anything else terminals and libraries
    count what follows it differently.
    """
    kept: list[str] = []
    for place, char in enumerate(text):
        if char == _JOINER:
            before, after = kept[-1:], text[place + 1 : place + 2]
            if before and cell_len(before[0]) == 2 and cell_len(after) == 2:
                kept.append(char)
        elif char.isprintable() or char == _NON_JOINER:
            kept.append(char)
        elif unicodedata.category(char) != "Cf":
            kept.append(" ")
    return "".join(kept)


def _clusters(text: str) -> Iterator[tuple[str, int]]:
    """Characters with what stands on them or is joined to them, and their widths in cells."""
    if text.isascii():
        yield from ((char, 1) for char in text)
        return
    pending, width = "", 0
    for char in text:
        joined = cell_len(pending + char)
        # Marks, joiners and what follows them take no room of their own.
        if not width or joined == width or cell_len(char) == 0:
            pending, width = pending + char, joined
            continue
        yield pending, width
        pending, width = char, cell_len(char)
    if width:
        yield pending, width


def _runs(row: list[_Cell]) -> Iterator[Run]:
    for (ink, ground), cells in groupby(row, key=lambda cell: (cell.ink, cell.ground)):
        yield Run("".join(cell.text for cell in cells), ink, ground)
