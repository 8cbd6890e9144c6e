"""What templates may compute with: the filters and functions of the field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache, wraps
from typing import Any, Final, TypeVar

from jinja2 import pass_context
from jinja2.runtime import Context

from promptkit import color, placement
from promptkit.geometry import GRID, BBox, Size, box, xyxy
from promptkit.templating.colornames import color_name
from promptkit.templating.lettering import break_lines, fit_lines, text_box
from promptkit.templating.sandbox import MAX_RANGE, MAX_VALUE, SPEND, LimitError

REMEMBERED: Final = 1_024
"""Results of each function that are kept: variants differ in little from each other."""
MAX_LETTERING: Final = 1_000
"""Characters of a text that is broken into lines."""
_CHARACTERS_A_STEP: Final = 5
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


_R = TypeVar("_R")


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


def prose(text: str) -> str:
    """``text`` as part of a sentence: on one line, without spaces around it or a full stop."""
    return " ".join(str(text).split()).rstrip(". ")


def article(noun: str) -> str:
    """``noun`` with its indefinite article: "an orange", "a blue"."""
    return f"{'an' if str(noun)[:1].lower() in tuple('aeiou') else 'a'} {noun}"


def legible(shade: str, on: str, ratio: float = 3.0) -> str:
    """``shade``, brought as near to black or white as it takes to stand out from the colour ``on``.

    The default ratio is what WCAG 2.2 asks for large text (success criterion 1.4.3).
    """
    far = color.readable_on(on)
    steps = (color.mix(shade, far, step / 10) for step in range(11))
    return next((each for each in steps if color.contrast(each, on) >= ratio), far)


def _size(context: Context) -> Size:
    return Size(context["width"], context["height"])


def _remembered(function: Callable[..., _R]) -> Callable[..., _R]:
    """A function that keeps its latest results, where it is given what can be kept."""
    remembering = lru_cache(maxsize=REMEMBERED, typed=True)(function)

    @wraps(function)
    def answer(*arguments: Any, **options: Any) -> _R:
        try:
            return remembering(*arguments, **options)
        except TypeError:
            # A list cannot be a key; or the function refuses it, and does so again.
            return function(*arguments, **options)

    return answer


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _on_canvas(function: Callable[..., Any]) -> Callable[..., Any]:
    """A placement function that takes its size from the variant and gives plain lists."""
    remembering = _remembered(function)

    def placed(context: Context, *arguments: Any, **options: Any) -> Any:
        if options.get("within") is not None:
            options["within"] = _checked(options["within"])
        frozen = {name: _frozen(value) for name, value in options.items()}
        result = remembering(*map(_frozen, arguments), **frozen, size=_size(context))
        return [list(each) for each in result] if isinstance(result, list) else list(result)

    return placed


def _checked(within: Sequence[int]) -> BBox:
    if len(within) != 4:
        raise ValueError(f"'within' is a box of four integers, not {list(within)}")
    return box(*within)


def _box(_: Context, y_min: float, x_min: float, y_max: float, x_max: float) -> list[int]:
    """A checked box on the grid; sides that were computed are rounded."""
    return list(box(round(y_min), round(x_min), round(y_max), round(x_max)))


def _pixels(context: Context, left: float, top: float, right: float, bottom: float) -> list[int]:
    """A box from pixel edges on the variant's size."""
    return list(xyxy(left, top, right, bottom, of=_size(context)))


def _lettering(context: Context, text: object, function: str) -> str:
    """A text that is to be set, its length charged to the template's account."""
    words = str(text)
    if len(words) > MAX_LETTERING:
        raise LimitError(f"{len(words):,} characters are no lettering; {MAX_LETTERING:,} are set")
    context[SPEND](words, function, 1 + len(words) // _CHARACTERS_A_STEP)
    return words


@pass_context
def _break_lines(context: Context, text: str, width: float, lines: int | None = None) -> str:
    """Text broken into lines of at most so many columns, or so many lines."""
    return break_lines(_lettering(context, text, "break_lines"), width, lines)


@pass_context
def _fit_lines(
    context: Context, text: str, bbox: Sequence[int], aspect: float | None = None
) -> str:
    """Text broken to fill a box on the variant's picture."""
    size = _size(context)
    ratio = size.width / size.height if aspect is None else aspect
    return fit_lines(_lettering(context, text, "fit_lines"), bbox, ratio)


def _typeset(
    context: Context,
    text: str,
    within: Sequence[int],
    where: placement.Anchor = "center",
    largest: float = GRID,
) -> dict[str, Any]:
    """A text as large as it can be within a box: its lines, and the box that they need."""
    words = _lettering(context, text, "typeset")
    lines, bbox = _set_in(words, _frozen(within), where, largest, _size(context))
    return {"bbox": list(bbox), "text": lines}


@_remembered
def _set_in(
    words: str, within: Sequence[int], where: placement.Anchor, largest: float, size: Size
) -> tuple[str, BBox]:
    steps = largest * min(size) / size.height
    lines = fit_lines(words, within, size.width / size.height, largest=steps)
    return lines, text_box(lines, _checked(within), where=where, size=size, largest=largest)


def _grid(rows: Any, columns: Any, **options: Any) -> list[BBox]:
    counts = [each if isinstance(each, int) else len(each) for each in (rows, columns)]
    if counts[0] * counts[1] > MAX_RANGE:
        raise LimitError(f"a grid of {counts[0]:,} x {counts[1]:,} cells is no layout")
    return placement.grid(rows, columns, **options)


FUNCTIONS: Final[dict[str, Any]] = {
    "box": _box,
    "pixels": _pixels,
    "inset": _on_canvas(placement.inset),
    "row": _on_canvas(placement.row),
    "column": _on_canvas(placement.column),
    "grid": _on_canvas(_grid),
    "anchor": _on_canvas(placement.anchor),
    "fit": _on_canvas(placement.fit),
    "square": _on_canvas(placement.square),
    "typeset": _typeset,
}

FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "lighten": _remembered(color.lighten),
    "darken": _remembered(color.darken),
    "mix": _remembered(color.mix),
    "readable": _remembered(color.readable_on),
    "legible": _remembered(legible),
    "color_name": color_name,
    "break_lines": _break_lines,
    "fit_lines": _fit_lines,
    "prose": prose,
    "article": article,
    "slug": slug,
    "join": join,
    "replace": replace,
    "tojson": lambda value: value,  # Every value is written as JSON; the habit does no harm.
    "number": number,
    "date": day,
}
