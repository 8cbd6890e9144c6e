"""A caption taken apart: its elements, each by itself, and its frame, which is all the rest."""

from __future__ import annotations

import marshal
from typing import Any, Final, NamedTuple

from promptkit.lint.boxes import COMPARED
from promptkit.lint.schema import KNOWN_KEYS

_COMPOSITION: Final = "compositional_deconstruction"


class Parts(NamedTuple):
    """What a caption is made of, as plain data."""

    frame: dict[str, Any]
    """The caption without its elements."""
    frame_key: bytes
    elements: list[dict[str, Any]]
    keys: list[bytes]
    """What tells each element from every other; see ``key_of``."""


def put_together(frame: dict[str, Any] | None, elements: list[dict[str, Any]]) -> dict[str, Any]:
    """A caption with these elements; None stands for the least frame that there is."""
    composition = frame[_COMPOSITION] if frame else {}
    return {**(frame or {}), _COMPOSITION: {**composition, "elements": elements}}


def are_few(elements: list[Any]) -> bool:
    """Whether there are elements, and no more of them than the rules compare with each other."""
    return 0 < len(elements) <= COMPARED


def taken_apart(data: Any) -> Parts | None:
    """The parts of a caption, or None where it is not of the form that the schema asks for.

    Only its structure is looked at: every key is of the schema and at its place, and there are a
    few elements.
    """
    if type(data) is not dict or not data.keys() <= KNOWN_KEYS["root"]:
        return None
    style, composition = data.get("style_description", _NOTHING), data.get(_COMPOSITION)
    if type(composition) is not dict or not composition.keys() <= KNOWN_KEYS["composition"]:
        return None
    if type(style) is not dict or not style.keys() <= KNOWN_KEYS["style"]:
        return None
    elements = composition.get("elements")
    if type(elements) is not list or not are_few(elements):
        return None
    known = KNOWN_KEYS["element"]
    if not all(type(each) is dict and each and each.keys() <= known for each in elements):
        return None
    frame = {**data, _COMPOSITION: {**composition, "elements": []}}
    return Parts(frame, key_of(frame), elements, [key_of(each) for each in elements])


def unpainted(element: dict[str, Any]) -> dict[str, Any]:
    """An element without its colours."""
    return {key: value for key, value in element.items() if key != "color_palette"}


def key_of(part: dict[str, Any]) -> bytes:
    """What tells a part from every other; equal numbers of other types are told apart, too."""
    # Version 2 writes equal data in one way, whatever shares its memory with what.
    return marshal.dumps(part, 2)


_NOTHING: Final[dict[str, Any]] = {}
