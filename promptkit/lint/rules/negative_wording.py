"""A description says what is not there: "no people", "without text".

A text-to-image model paints what is named, and may well paint this too. Say what is there instead:
"an empty street". The generator takes a negative prompt besides the caption.

Bad:

    {"high_level_description": "A street at dawn.", "compositional_deconstruction": {"background": "A street with no cars and no people.", "elements": [{"type": "obj", "desc": "A lamp post."}]}}

Good:

    {"high_level_description": "A street at dawn.", "compositional_deconstruction": {"background": "An empty street.", "elements": [{"type": "obj", "desc": "A lamp post."}]}}

Rate: 29 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.spans import Locator
from promptkit.lint.view import CaptionView
from promptkit.lint.words import Hit, unquoted, words

_NEGATIONS: Final = frozenset({"no", "without", "avoid", "don't", "never"})
_PASSED_OVER: Final = frozenset({"any", "other", "visible", "more", "extra"})


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for key, node, prose in caption.prose():
        span = Locator(caption.document, node)
        for hit in (
            _negated(prose) if key in ("desc", "background", "high_level_description") else ()
        ):
            message = f"'{hit.phrase}' names what should not be there; say what is there instead"
            yield Problem(span(hit.start, hit.end), message, node=node)


def _negated(prose: str) -> Iterator[Hit]:
    listed = words(unquoted(prose))
    for at, word in enumerate(listed):
        if word.text in _NEGATIONS:
            named = [next_ for next_ in listed[at + 1 : at + 4] if next_.text not in _PASSED_OVER]
            end = named[0].end if named else word.end
            yield Hit(prose[word.start : end], word.start, end)


RULE = Rule(
    "C611",
    "negative-wording",
    Severity.INFO,
    __doc__,
    caption=_check,
    scope=Scope.PART,
    default=False,
)
