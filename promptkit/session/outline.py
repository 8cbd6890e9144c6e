"""A caption as a list of lines, and its tokens part by part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from promptkit.canonical import canonical_of
from promptkit.document import Node, read
from promptkit.errors import PromptkitError
from promptkit.lint.view import CaptionView
from promptkit.session.marks import Part
from promptkit.session.session import Session


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the outline."""

    part: Part
    element: int | None
    title: str
    pointer: str
    """RFC 6901, below the caption; empty where the part does not exist."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """How much of the model's limit a caption takes."""

    total: int
    exact: bool
    parts: Mapping[str, int]
    """Of each value and all that is in it, by pointer; empty without a tokenizer."""


def rows(session: Session) -> list[Row]:
    """The parts of the shown caption, and its elements from front to back."""
    view = session.view
    found = [
        Row(Part.SUMMARY, None, _line(view.summary if view else None), "/high_level_description"),
        Row(Part.STYLE, None, _style_line(view), "/style_description"),
        Row(
            Part.BACKGROUND, None, _line(view.background if view else None),
            "/compositional_deconstruction/background",
        ),
    ]  # fmt: skip
    elements = {each.index: each for each in view.elements} if view else {}
    for place in range(session.count - 1, -1, -1):
        element = elements.get(place)
        title = "not an object"
        if element is not None:
            words = element.text if element.type == "text" else element.desc
            title = _line(words or element.desc)
        pointer = f"/compositional_deconstruction/elements/{place}"
        found.append(Row(Part.ELEMENT, place, title, pointer))
    return found


def count_tokens(node: Node) -> Tokens | None:
    """The tokens of a caption, by part where there is a tokenizer; slow enough for a thread."""
    from promptkit.tokens import count, load_tokenizer, usage  # noqa: PLC0415 - lines need none

    try:
        prompt = canonical_of(node)
        tokenizer = load_tokenizer()
        if tokenizer is None or len(prompt) > 1 << 16:
            counted = count(prompt)
            return Tokens(counted.tokens, counted.exact, {})
        found = usage(prompt, tokenizer)
    except PromptkitError:
        return None
    return Tokens(found.total, exact=True, parts=_sums(found.fields))


def tokens_of(text: str) -> Tokens | None:
    """``count_tokens`` of a text; None where it holds no caption."""
    document = read(text)
    return count_tokens(document.captions[0]) if document.captions else None


def _sums(fields: Mapping[str, int]) -> dict[str, int]:
    """What each value takes together with everything below it."""
    parts: Counter[str] = Counter()
    for pointer, tokens in fields.items():
        end = len(pointer)
        while end > 0:
            parts[pointer[:end]] += tokens
            end = pointer.rfind("/", 0, end)
    return dict(parts)


def _style_line(view: CaptionView | None) -> str:
    if view is None or view.style is None:
        return ""
    words = [member.value.string() for member in view.style.members]
    return _line(" · ".join(word for word in words if word))


def _line(words: str | None) -> str:
    return " ".join((words or "").split())
