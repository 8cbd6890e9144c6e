"""A description counts things: "six trucks".

The model does not count reliably within one element. Where the number matters, list each thing as
an element of its own, with its box (official magic prompt, ``v1.txt``). Two are usually painted as
two.

Bad:

    {"high_level_description": "A depot.", "compositional_deconstruction": {"background": "A yard.", "elements": [{"type": "obj", "desc": "Six trucks in a row."}]}}

Good:

    {"high_level_description": "A depot.", "compositional_deconstruction": {"background": "A yard.", "elements": [{"type": "obj", "desc": "A blue truck."}, {"type": "obj", "desc": "A green truck."}, {"type": "obj", "desc": "A white truck."}]}}

Rate: 18 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.spans import Locator
from promptkit.lint.view import CaptionView
from promptkit.lint.words import Hit, unquoted, word_set, words

_NUMBERS: Final = word_set(
    "three four five six seven eight nine ten eleven twelve dozen dozens hundreds thousands"
)
_NO_THINGS: Final = word_set(
    "quarters years lines sides times degrees inches feet meters metres hours minutes words"
)
_PLURAL_WITHIN: Final = 2
"""Between the number and its noun stands at most one adjective."""


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for element in caption.elements:
        node = element.get("desc")
        if node is None or element.type != "obj":
            continue
        span = Locator(caption.document, node)
        for hit in _counted(element.desc or ""):
            message = f"'{hit.phrase}' may come out as another number; list each as an element"
            yield Problem(span(hit.start, hit.end), message, node=node)


def _counted(desc: str) -> Iterator[Hit]:
    listed = words(unquoted(desc))
    for at, number in enumerate(listed):
        if number.text not in _NUMBERS:
            continue
        for noun in listed[at + 1 : at + 1 + _PLURAL_WITHIN]:
            if noun.text.endswith("s") and noun.text not in _NO_THINGS:
                yield Hit(desc[number.start : noun.end], number.start, noun.end)
                break


RULE = Rule(
    "C609",
    "counted-things",
    Severity.INFO,
    __doc__,
    caption=_check,
    scope=Scope.PART,
    default=False,
)
