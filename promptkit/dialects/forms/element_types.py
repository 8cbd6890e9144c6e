"""Element types besides ``obj`` and ``text``: subject, character, person, logo, bg, headline, …

An element that carries a literal is a text, whatever its type says; everything else is an object.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptkit.dialects.dialect import Dialect
from promptkit.dialects.draft import Draft, Object, place

_LETTERING: Final = frozenset(
    {
        "text", "txt", "texts", "typography", "lettering", "title", "headline", "heading",
        "subtitle", "tagline", "slogan", "caption", "word", "words", "wordmark", "text_element",
    }
)  # fmt: skip


def _detect(draft: Draft) -> bool:
    return any(True for _ in _foreign(draft))


def _apply(draft: Draft) -> None:
    for index, element, kind in list(_foreign(draft)):
        old = element.get("type")
        # A caption's keys keep their places, and a missing type belongs in front.
        entries = {key: value for key, value in element.items() if key != "type"}
        if kind == "obj" and entries.get("text") == "":
            del entries["text"]
        element.clear()
        element.update({"type": kind, **entries})
        was = f"type {old}" if isinstance(old, str) and old else "an element without a type"
        draft.note(f"{place(index)}: made {was} into {kind}")


def _foreign(draft: Draft) -> Iterator[tuple[int, Object, str]]:
    for index, element in draft.elements():
        old = element.get("type", "")
        if not isinstance(old, str) or not (old or element.keys() & {"desc", "text"}):
            continue
        kind = _kind(old, element)
        if kind != old or (kind == "obj" and element.get("text") == ""):
            yield index, element, kind


def _kind(old: str, element: Object) -> str:
    literal = element.get("text")
    if isinstance(literal, str) and literal.strip():
        return "text"
    return "text" if old.strip().lower().replace(" ", "_") in _LETTERING else "obj"


DIALECT = Dialect("element-types", __doc__, _detect, _apply)
