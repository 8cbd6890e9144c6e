"""The ``type`` of an element is neither ``obj`` nor ``text``.

The training data has these two alone: things, and lettering to be drawn verbatim. Other editors
write ``subject``, ``character``, ``logo`` and the like.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "subject", "desc": "A wooden ladder."}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Fix: writes the type that is meant; safe where only the case differs, otherwise unsafe.

Rate: 0 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.document import Kind, Node
from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.mending import replace_string
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.schema import kind_name, quoted
from promptkit.lint.spelling import type_meant
from promptkit.lint.view import CaptionView, ElementView

_TYPES = ("obj", "text")
_ADVICE = 'write "obj" for a thing or "text" for lettering'


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for element in caption.elements:
        kind = element.get("type")
        if kind is None or kind.value in _TYPES or kind.kind is Kind.NULL:
            continue
        name = kind.string()
        shown = kind_name(kind.kind) if name is None else quoted(name)
        fix = None if name is None else _fix(element, kind, name)
        yield Problem(kind, f"the type is {shown}; {_ADVICE}", fix)


def _fix(element: ElementView, kind: Node, name: str) -> Fix:
    plain = name.strip().lower()
    if plain in _TYPES:
        return Fix(f'Write "{plain}"', (replace_string(kind, plain),))
    # Whatever it is called: what holds characters to draw is lettering.
    meaning = "text" if element.text else type_meant(name) or "obj"
    return Fix(f'Write "{meaning}"', (replace_string(kind, meaning),), Safety.UNSAFE)


RULE = Rule("C231", "unknown-type", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART)
