"""An element's words in other places: the literal in ``content`` or ``desc``, looks in ``style``.

A text whose literal stands nowhere cannot be converted: somebody has to say what is to be drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptkit.dialects.dialect import Dialect
from promptkit.dialects.draft import Draft, Object, listed, place
from promptkit.literal import literal_in

_LITERALS: Final = ("content", "literal", "string", "value", "words", "label", "title", "copy")
_NAMES: Final = ("label", "name", "title", "subject", "content")
_LOOKS: Final = (
    "style", "font", "font_style", "typography", "appearance", "material", "pose", "color",
    "colour", "size", "location", "position", "placement",
)  # fmt: skip


def _detect(draft: Draft) -> bool:
    return any(_wants(element) for _, element in draft.elements())


def _apply(draft: Draft) -> None:
    for index, element in draft.elements():
        if _wants(element):
            if element.get("type") == "text":
                _give_literal(draft, place(index), element)
            _give_desc(draft, place(index), element)


def _wants(element: Object) -> bool:
    if element.get("type") not in ("obj", "text"):
        return False
    lacks_text = element["type"] == "text" and not isinstance(element.get("text"), str)
    return lacks_text or any(True for _ in _strings(element, (*_LOOKS, *_NAMES)))


def _give_literal(draft: Draft, where: str, element: Object) -> None:
    if isinstance(element.get("text"), str):
        return
    desc = element.get("desc")
    for key, words in _strings(element, _LITERALS):
        element["text"] = words
        del element[key]
        draft.note(f"{where}: renamed {key} to text")
        return
    literal = literal_in(desc) if isinstance(desc, str) else None
    if literal is None:
        draft.refuse(f"{where} is a text without its literal; write the characters under text")
        return
    element["text"] = literal
    draft.note(f"{where}: took the literal '{literal}' out of desc, which keeps it")


def _give_desc(draft: Draft, where: str, element: Object) -> None:
    desc = element.get("desc")
    keys = _LOOKS if isinstance(desc, str) and desc else (*_NAMES, *_LOOKS)
    found = list(_strings(element, keys))
    if not found or not isinstance(desc, str | None):
        return
    words = [desc.rstrip(" .")] if desc else []
    element["desc"] = ", ".join([*words, *(each for _, each in found)])
    for key, _ in found:
        del element[key]
    draft.note(f"{where}: moved {listed([key for key, _ in found])} into desc")


def _strings(element: Object, keys: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for key in keys:
        words = element.get(key)
        if isinstance(words, str) and words.strip():
            yield key, words.strip()


DIALECT = Dialect("element-words", __doc__, _detect, _apply)
