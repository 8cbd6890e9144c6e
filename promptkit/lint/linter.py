"""Lint captions that have most of their parts in common, as the variants of a template do.

What has been found out about a part is remembered, so that only new parts and new lists of parts
cost work. The findings are those of ``lint``, always: all that is remembered is which rules have
nothing to say, and every other rule is asked about the whole caption each time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from promptkit.document.build import from_data
from promptkit.lint.engine import DEFAULT_OPTIONS, DEFAULT_SELECTION, check
from promptkit.lint.finding import Finding
from promptkit.lint.hearing import Said, hear, view_of
from promptkit.lint.length import Length, is_short, length_of_element, length_of_frame
from promptkit.lint.memory import Memory
from promptkit.lint.parts import Parts, key_of, put_together, taken_apart, unpainted
from promptkit.lint.rule import Options, Rule, Scope
from promptkit.lint.selection import Selection
from promptkit.lint.view import CaptionView, ElementView

REMEMBERED: Final = 2048
"""Parts, pairs and lists of them; most take a kilobyte or two, and none more than ``LARGEST``."""
LARGEST: Final = 1 << 15
"""Bytes of a caption whose parts are remembered: three times what the model reads."""


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A frame or an element that has been seen."""

    said: Said
    length: Length
    unpainted: bytes = b""
    """The key of an element without its colours."""
    framed: bool = False
    """Whether any frame can make something be said of it."""


@dataclass(frozen=True)
class _Whole:
    """A caption, and its view where that is asked for."""

    parts: Parts

    @property
    def keys(self) -> list[bytes]:
        return [self.parts.frame_key, *self.parts.keys]

    @cached_property
    def view(self) -> CaptionView:
        return view_of(self.parts.frame, self.parts.elements)


class Linter:
    """``lint`` for many captions, with one selection and the same options for all."""

    def __init__(
        self, selection: Selection = DEFAULT_SELECTION, options: Options = DEFAULT_OPTIONS
    ) -> None:
        self._selection = selection
        self._options = options
        self._rules = selection.rules_for(frozenset())
        self._of = {scope: [rule for rule in self._rules if rule.scope is scope] for scope in Scope}
        self._parts: Memory[bytes, _Part] = Memory(REMEMBERED)
        self._pairs: Memory[tuple[_Part, _Part], Said] = Memory(REMEMBERED)
        self._lists: Memory[tuple[bytes, ...], Said] = Memory(REMEMBERED)

    def lint(self, data: Any) -> list[Finding]:
        """The findings of ``lint(from_data(data))``, for a caption as ``json.loads`` gives it."""
        parts = taken_apart(data)
        return self._check(data, self._rules) if parts is None else self.lint_parts(parts)

    def lint_parts(self, parts: Parts) -> list[Finding]:
        """The same for a caption that is taken apart already."""
        small = sum(map(len, parts.keys), len(parts.frame_key)) <= LARGEST
        rules = self._speaking(parts) if small else self._rules
        return self._check(put_together(parts.frame, parts.elements), rules) if rules else []

    def _check(self, data: Any, rules: Sequence[Rule]) -> list[Finding]:
        return check(from_data(data), rules, self._selection, self._options)

    def _speaking(self, caption: Parts) -> Sequence[Rule]:
        """The rules that may have something to say about a caption, in the order of their codes."""
        whole = _Whole(caption)
        known = self._known(whole)
        frame, *elements = known
        said = [part.said for part in known]
        said += self._about_pairs(frame, elements, whole)
        said += self._about_list(elements, whole)
        speaking = frozenset(self._of[Scope.CAPTION]).union(*said)
        if self._of[Scope.LENGTH] and not is_short([part.length for part in known]):
            speaking = speaking.union(self._of[Scope.LENGTH])
        return [rule for rule in self._rules if rule in speaking] if speaking else ()

    def _known(self, whole: _Whole) -> list[_Part]:
        """The frame and the elements; what is new among them the rules are asked about."""
        frame_key, *keys = whole.keys
        known = {key: part for key in whole.keys if (part := self._parts.get(key)) is not None}
        heard: dict[bytes, _Part] = {}
        if frame_key not in known:
            heard[frame_key] = self._heard_frame(whole.parts.frame)
        listed = zip(keys, whole.parts.elements, strict=True)
        new = {key: element for key, element in listed if key not in known}
        if new:
            heard |= zip(new, self._heard_elements([*new.values()]), strict=True)
        for key, part in heard.items():
            self._parts[key] = known[key] = part
        return [known[key] for key in whole.keys]

    def _heard_frame(self, frame: dict[str, Any]) -> _Part:
        view = view_of(frame, [])
        said = hear(view, self._of[Scope.PART], self._options).frame
        return _Part(said, length_of_frame(view.node, self._options.tokenizer))

    def _heard_elements(self, elements: list[dict[str, Any]]) -> Iterator[_Part]:
        view = view_of(None, elements)
        heard = hear(view, self._of[Scope.PART], self._options).elements
        for element, data, said in zip(view.elements, elements, heard, strict=True):
            length = length_of_element(element.node, self._options.tokenizer)
            yield _Part(said, length, key_of(unpainted(data)), self._is_framed(element))

    def _is_framed(self, element: ElementView) -> bool:
        rules = self._of[Scope.FRAMED]
        return any(rule.concerns is None or rule.concerns(element) for rule in rules)

    def _about_pairs(
        self, frame: _Part, elements: Sequence[_Part], whole: _Whole
    ) -> Sequence[Said]:
        """What is said of each element within the frame."""
        known = [self._pairs.get((frame, element)) for element in elements if element.framed]
        if None not in known:
            return [said for said in known if said]
        heard = hear(whole.view, self._of[Scope.FRAMED], self._options)
        for element, said in zip(elements, heard.elements, strict=True):
            self._pairs[frame, element] = said
        return heard.elements

    def _about_list(self, elements: Sequence[_Part], whole: _Whole) -> Sequence[Said]:
        """What is said of the elements together."""
        key = tuple([element.unpainted for element in elements])
        said = self._lists.get(key)
        if said is None:
            said = hear(whole.view, self._of[Scope.ELEMENTS], self._options).all
            self._lists[key] = said
        return (said,)
