"""Reading single values: text, numbers, colours, and how many of them there may be."""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Sized
from typing import Any

from promptkit.color import normalize_hex
from promptkit.document.edit import SURROGATE

MAX_TEXT: int = 10_000
"""Characters of one value; a caption of 2048 tokens holds fewer."""


def checked_text(value: str) -> str:
    """``value`` itself, if JSON and UTF-8 can hold it."""
    if match := SURROGATE.search(value):
        code = f"U+{ord(match.group()):04X}"
        raise ValueError(
            f"the text has {code} at character {match.start() + 1}, half of a character (a lone "
            "surrogate), which no file can hold; write the whole character"
        )
    if len(value) > MAX_TEXT:
        raise ValueError(f"the text has {len(value):,} characters; at most {MAX_TEXT:,} are taken")
    return value


def limited(value: Sized, least: int | None, most: int | None, unit: str) -> None:
    """Refuse what has too few or too many of a unit."""
    if least is not None and len(value) < least:
        raise ValueError(f"{len(value)} {unit} are too few; give at least {least}")
    if most is not None and len(value) > most:
        raise ValueError(f"{len(value)} {unit} are too many; give at most {most}")


def span(least: float | None, most: float | None, unit: str = "") -> str:
    """Limits in words: "1 to 36 characters", "at least 0"; empty where there are none."""
    low, high = ("" if end is None else f"{end:,}".removesuffix(".0") for end in (least, most))
    if low and high:
        return f"{low} to {high} {unit}".strip()
    return f"at {'least' if low else 'most'} {low or high} {unit}".strip() if low or high else ""


def scalar_text(value: Any) -> str:
    """A number or a boolean as text."""
    if value is None or isinstance(value, (list, dict, tuple)):
        raise TypeError(f"{value!r} is no text")
    return json.dumps(value) if isinstance(value, bool) else str(value)


def comma_separated(text: str) -> list[str]:
    """Items separated by commas."""
    return [item.strip() for item in text.split(",")] if text else []


def json_value(text: str) -> Any:
    """What ``text`` says as JSON."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("the value is nested too deeply") from error
    except ValueError as error:
        raise ValueError(f"not JSON: {error}") from error


def finite(value: Any) -> float | int:
    """A finite number, also from a string."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise TypeError(f"{value!r} is no number")
    number = _number(value) if isinstance(value, str) else value
    if isinstance(number, float) and not math.isfinite(number):
        raise ValueError(f"{value!r} is not finite")
    return number


def _number(text: str) -> float | int:
    for form in (int, float):
        with contextlib.suppress(ValueError):
            return form(text)
    raise ValueError(f"{text!r} is no number")


def within(number: float, low: float | None, high: float | None) -> float | int:
    """``number`` itself, if it lies within the bounds that are given."""
    if (low is not None and number < low) or (high is not None and number > high):
        bounds = f"{'' if low is None else low}..{'' if high is None else high}"
        raise ValueError(f"{number} is outside {bounds}")
    return number


def hex_color(value: Any) -> str:
    """A hex colour in upper case."""
    color = normalize_hex(value) if isinstance(value, str) else None
    if color is None:
        raise ValueError(f"{value!r} is no colour; write #RRGGBB")
    return color
