"""Render a template's variants from stretches of them that are known already.

Most variants share most of their elements with others. A stretch is known by the values behind it;
where one is new the template is rendered as a whole, and what came out is kept stretch by stretch.
"""

from __future__ import annotations

import json
import marshal
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final, NamedTuple

from promptkit.geometry import Size
from promptkit.lint.linter import LARGEST
from promptkit.lint.memory import Memory
from promptkit.lint.parts import Parts, are_few, key_of, put_together, taken_apart
from promptkit.templating.template import Template, decoded
from promptkit.templating.weave import MAX_OUTPUT, MAX_STEPS, Woven

REMEMBERED: Final = 512
"""Renderings of each stretch that are kept; most take a kilobyte or two."""
_CLOSING: Final = "]}}"

encoded: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""The canonical string of plain data, in its own order of keys."""


class Made(NamedTuple):
    """A rendered caption."""

    prompt: str
    """As canonical JSON."""
    data: Any
    """As plain data; None where the parts say it."""
    parts: Parts | None


class _Frame(NamedTuple):
    opening: str
    """The prompt up to the first element."""
    data: dict[str, Any]
    key: bytes


class _Elements(NamedTuple):
    text: str
    data: list[dict[str, Any]]
    keys: list[bytes]


class Stretches:
    """Renders variants of a template at one size; what it gives is what ``render`` gives."""

    def __init__(self, template: Template, size: Size) -> None:
        self._template = template
        self._size = size
        variables = template.source.front.variables
        first, *others = template.program.stretches
        *inner, last = others or [frozenset[str]()]
        names = [first | last, *inner]
        self._names = [[n for n in ("number", *variables) if n in each] for each in names]
        self._frames: Memory[tuple[Any, ...], _Frame] = Memory(REMEMBERED)
        self._elements: list[Memory[tuple[Any, ...], _Elements]] = [
            Memory(REMEMBERED) for _ in inner
        ]

    def render(self, values: Mapping[str, Any], number: str) -> Made:
        """Render completed values.

        Raises:
            TemplateError: as ``Template.render`` does.
        """
        try:
            marks = {name: _mark(value) for name, value in values.items()}
        except ValueError:
            # Something that only YAML knows, a day for example, in a list of anything.
            return self._rendered(values, number, [])
        marks["number"] = number
        keys = [tuple([marks[name] for name in names]) for names in self._names]
        frame = self._frames.get(keys[0])
        elements = [known.get(key) for known, key in zip(self._elements, keys[1:], strict=True)]
        if frame is None or None in elements or not elements:
            return self._rendered(values, number, keys)
        return _put_together(frame, [each for each in elements if each is not None])

    def _rendered(self, values: Mapping[str, Any], number: str, keys: Sequence[Any]) -> Made:
        rendered = self._template.render(values, self._size, number)
        prompt = encoded(rendered.data)
        parts = taken_apart(rendered.data)
        small = len(prompt) <= LARGEST and self._is_modest(rendered.woven)
        if parts is not None and keys and self._elements and small:
            try:
                self._learn(rendered.woven.stretches, keys, prompt)
            except ValueError:
                # A stretch that is not whole by itself.
                self._elements.clear()
                self._names = self._names[:1]
        return Made(prompt, rendered.data, parts)

    def _is_modest(self, woven: Woven) -> bool:
        """Whether stretches like these in any combination stay within the limits of a rendering."""
        share = len(self._elements) + 1
        return len(woven.text) * share <= MAX_OUTPUT and woven.steps * share <= MAX_STEPS

    def _learn(self, texts: Sequence[str], keys: Sequence[Any], prompt: str) -> None:
        """Keep the stretches of a rendered caption.

        Raises:
            ValueError: if they do not make it up.
        """
        first, *inner, last = texts
        final = len(inner) - 1
        frame = self._frames.get(keys[0])
        if frame is None:
            frame = self._frames[keys[0]] = _frame(decoded(first + last))
        listed = [
            known.get(key) or _elements(text, can_be_empty=number == final)
            for number, (text, known, key) in enumerate(
                zip(inner, self._elements, keys[1:], strict=True)
            )
        ]
        if _put_together(frame, listed).prompt != prompt:
            raise ValueError
        for each, known, key in zip(listed, self._elements, keys[1:], strict=True):
            if key not in known:
                known[key] = each


def _put_together(frame: _Frame, stretches: Sequence[_Elements]) -> Made:
    elements = list(chain.from_iterable([each.data for each in stretches]))
    listed = ",".join([each.text for each in stretches if each.text])
    prompt = f"{frame.opening}{listed}{_CLOSING}"
    if not are_few(elements):
        return Made(prompt, put_together(frame.data, elements), None)
    keys = list(chain.from_iterable([each.keys for each in stretches]))
    return Made(prompt, None, Parts(frame.data, frame.key, elements, keys))


def _frame(data: Any) -> _Frame:
    text = encoded(data)
    if not text.endswith(f'"elements":[{_CLOSING}'):
        raise ValueError(text)
    return _Frame(text.removesuffix(_CLOSING), data, key_of(data))


def _elements(text: str, *, can_be_empty: bool) -> _Elements:
    data = decoded(f"[{text.rstrip().removesuffix(',')}]")
    # All but the last end with a comma of the template's, which is a stray one without an element.
    if not data and (text.strip() or not can_be_empty):
        raise ValueError(text)
    return _Elements(encoded(data)[1:-1], data, [key_of(each) for each in data])


def _mark(value: Any) -> str | bytes:
    """What tells a value from every other, 1 from true and from 1.0."""
    return value if type(value) is str else marshal.dumps(value, 2)
