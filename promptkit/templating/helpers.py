"""What templates may compute with: the filters and functions of the field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from jinja2 import pass_context
from jinja2.runtime import Context

from promptkit import color, placement
from promptkit.geometry import BBox, Size, box, xyxy
from promptkit.templating.sandbox import MAX_VALUE, LimitError

_BREAKABLE = re.compile(r"\s+")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def break_lines(text: str, width: float, lines: int | None = None) -> str:
    """Break text with newlines so that no line is wider than ``width`` characters.

    Wide (CJK) characters count two, and may be broken between any two of them. With ``lines`` the
    text is spread over at most so many lines, as evenly as its words allow, and ``width`` is
    widened where it must be.
    """
    words = _words(text)
    limit = max(float(width), 1)
    if lines is not None:
        total = sum(_columns(word) for word, _ in words) + len(words)
        limit = max(limit, total / max(int(lines), 1))
    rows = _fill(words, limit)
    while lines is not None and len(rows) > max(int(lines), 1):
        limit += 1
        rows = _fill(words, limit)
    return "\n".join(rows)


def fit_lines(text: str, bbox: Sequence[int], aspect: float = 1.0, glyph: float = 0.55) -> str:
    """Break text into the number of lines at which its letters become largest in a box.

    ``aspect`` is the picture's width over height, ``glyph`` a letter's width over the line height.
    """
    place = BBox(*bbox)
    words = _words(text)
    shape = place.width * aspect / max(place.height, 1)
    best, best_height = text, 0.0
    for count in range(1, min(len(words), 12) + 1):
        rows = break_lines(text, 1, count).split("\n")
        widest = max(_columns(row) for row in rows) * glyph
        height = min(1 / len(rows), shape / max(widest, 0.1))
        if height > best_height:
            best, best_height = "\n".join(rows), height
    return best


def slug(text: str, limit: int = 60) -> str:
    """Letters, digits and hyphens alone, for file names; other scripts keep their letters."""
    normal = unicodedata.normalize("NFKC", str(text)).casefold()
    words = re.sub(r"[^\w]+", "-", normal).strip("-_")
    return words[:limit].rstrip("-") or "x"


def number(value: float, digits: int = 0, group: str = ",", point: str = ".") -> str:
    """A number with a fixed count of decimals and grouped thousands: ``1,299.50``."""
    text = f"{float(value):,.{min(max(int(digits), 0), 20)}f}"
    whole, _, decimals = text.partition(".")
    return whole.replace(",", group) + (f"{point}{decimals}" if decimals else "")


def day(value: str, form: str = "%d %B %Y") -> str:
    """An ISO date (``2026-05-01``) in another form, with the English names of ``strftime``."""
    parsed = date.fromisoformat(str(value))
    # Spelt out here because strftime asks the machine's locale, and files must not depend on it.
    month, weekday = _MONTHS[parsed.month - 1], _DAYS[parsed.weekday()]
    forms = {
        "%Y": f"{parsed.year:04d}", "%y": f"{parsed.year % 100:02d}", "%m": f"{parsed.month:02d}",
        "%d": f"{parsed.day:02d}", "%e": str(parsed.day), "%B": month, "%b": month[:3],
        "%A": weekday, "%a": weekday[:3], "%%": "%",
    }  # fmt: skip
    unknown = set(re.findall("%.?", form)) - set(forms)
    if unknown:
        raise ValueError(f"{min(unknown)} is no part of a date; known are {' '.join(forms)}")
    return re.sub("%.", lambda match: forms[match.group()], form)


def join(items: Sequence[Any], separator: str = "") -> str:
    """Items as one text."""
    texts = [str(item) for item in items]
    if sum(map(len, texts)) + len(separator) * len(texts) > MAX_VALUE:
        raise LimitError("the joined text is longer than any caption")
    return separator.join(texts)


def replace(text: str, old: str, new: str) -> str:
    """``text`` with every ``old`` written as ``new``."""
    if len(text) + str(text).count(old) * len(new) > MAX_VALUE:
        raise LimitError("the replaced text is longer than any caption")
    return str(text).replace(old, new)


def _words(text: str) -> list[tuple[str, bool]]:
    """Unbreakable parts, and whether a space stands before each."""
    parts: list[tuple[str, bool]] = []
    for word in _BREAKABLE.split(str(text).strip()):
        run = ""
        spaced = True
        for char in word:
            if unicodedata.east_asian_width(char) in "WF":
                if run:
                    parts.append((run, spaced))
                    run, spaced = "", False
                closing = unicodedata.category(char) in ("Pe", "Po", "Pf") and parts
                if closing:
                    # A closing mark never begins a line.
                    last, before = parts.pop()
                    parts.append((last + char, before))
                else:
                    parts.append((char, spaced))
                spaced = False
            else:
                run += char
        if run:
            parts.append((run, spaced))
    return parts


def _fill(words: list[tuple[str, bool]], limit: float) -> list[str]:
    rows: list[str] = []
    for word, spaced in words:
        joined = f"{rows[-1]}{' ' if spaced else ''}{word}" if rows else word
        if rows and _columns(joined) <= limit:
            rows[-1] = joined
        else:
            rows.append(word)
    return rows


def _columns(text: str) -> int:
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def _size(context: Context) -> Size:
    return Size(context["width"], context["height"])


def _on_canvas(function: Callable[..., Any]) -> Callable[..., Any]:
    """A placement function that takes its size from the variant and gives plain lists."""

    @pass_context
    def placed(context: Context, *arguments: Any, **options: Any) -> Any:
        if options.get("within") is not None:
            options["within"] = _checked(options["within"])
        if isinstance(options.get("margin"), list):
            options["margin"] = tuple(options["margin"])
        result = function(*arguments, **options, size=_size(context))
        return [list(each) for each in result] if isinstance(result, list) else list(result)

    return placed


def _checked(within: Sequence[int]) -> BBox:
    if len(within) != 4:
        raise ValueError(f"'within' is a box of four integers, not {list(within)}")
    return box(*within)


def _box(y_min: float, x_min: float, y_max: float, x_max: float) -> list[int]:
    """A checked box on the grid; sides that were computed are rounded."""
    return list(box(round(y_min), round(x_min), round(y_max), round(x_max)))


@pass_context
def _pixels(context: Context, left: float, top: float, right: float, bottom: float) -> list[int]:
    """A box from pixel edges on the variant's size."""
    return list(xyxy(left, top, right, bottom, of=_size(context)))


FUNCTIONS: Final[dict[str, Any]] = {
    "box": _box,
    "pixels": _pixels,
    "inset": _on_canvas(placement.inset),
    "row": _on_canvas(placement.row),
    "column": _on_canvas(placement.column),
    "grid": _on_canvas(placement.grid),
    "anchor": _on_canvas(placement.anchor),
    "fit": _on_canvas(placement.fit),
    "square": _on_canvas(placement.square),
}

FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "lighten": color.lighten,
    "darken": color.darken,
    "mix": color.mix,
    "readable": color.readable_on,
    "break_lines": break_lines,
    "fit_lines": fit_lines,
    "slug": slug,
    "join": join,
    "replace": replace,
    "tojson": lambda value: value,  # Every value is written as JSON; the habit does no harm.
    "number": number,
    "date": day,
}
