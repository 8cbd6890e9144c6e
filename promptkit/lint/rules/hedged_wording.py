"""A description leaves something open: "such as", "perhaps", "some kind of", "red or blue".

A picture cannot leave anything open. The model paints one of the alternatives, all of them, or a
blend; name the one that is meant. The official magic prompt bans these wordings in elements and in
the background. What stands in quotes is left alone.

Bad:

    {"high_level_description": "A desk by a window.", "compositional_deconstruction": {"background": "A study with various books.", "elements": [{"type": "obj", "desc": "Writing tools such as pens, in black or blue."}]}}

Good:

    {"high_level_description": "A desk by a window.", "compositional_deconstruction": {"background": "A study with a wall of leather-bound books.", "elements": [{"type": "obj", "desc": "Three black fountain pens in a row."}]}}

Rate: 1 of 150 collected captions ("various scenes").
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptkit.document import Node
from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.spans import Locator
from promptkit.lint.view import CaptionView
from promptkit.lint.words import Hit, find, phrases, unquoted, word_set, words

_HEDGES: Final = phrases(
    """
    such as, e.g., for example, for instance, things like, something like, or similar, or the like
    or something, etc, et cetera, and so on, and so forth, could include, may include, might include
    might be, could be, may be, some kind of, some sort of, possibly, perhaps, maybe, various
    """
)
_COLORS: Final = word_set(
    """
    red orange yellow green blue violet purple pink brown black white grey gray beige cream ivory
    gold golden silver turquoise teal navy maroon olive bold semibold italic serif oak walnut
    """
)
"""What is one thing or the other: colours, and a few words of type and wood that are hedged often."""
_NEGATIONS: Final = frozenset(
    {"no", "not", "without", "never", "neither", "nor", "either", "whether"}
)
_BEFORE: Final = 4
"""How many words before the first alternative a negation reaches."""


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for node, prose, literal in _described(caption):
        span = Locator(caption.document, node)
        for hit in (*find(prose, _HEDGES), *_alternatives(prose)):
            # A description may well name the characters that it describes.
            if hit.phrase in literal:
                continue
            message = f"'{hit.phrase}' leaves open what to paint; commit to one thing"
            yield Problem(span(hit.start, hit.end), message, node=node)


def _described(caption: CaptionView) -> Iterator[tuple[Node, str, str]]:
    """The background and each description: its node, its words, the text it is about."""
    background = caption.composition.get("background") if caption.composition else None
    if background and caption.background:
        yield background, caption.background, ""
    for element in caption.elements:
        node = element.get("desc")
        if node and element.desc:
            yield node, element.desc, element.text or ""


def _alternatives(prose: str) -> Iterator[Hit]:
    if " or " not in prose:
        return
    listed = words(unquoted(prose))
    for at in range(1, len(listed) - 1):
        first, between, second = listed[at - 1 : at + 2]
        if between.text != "or" or first.text not in _COLORS or second.text not in _COLORS:
            continue
        before = {word.text for word in listed[max(at - 1 - _BEFORE, 0) : at]}
        if not before & _NEGATIONS:
            yield Hit(prose[first.start : second.end], first.start, second.end)


RULE = Rule("C605", "hedged-wording", Severity.WARNING, __doc__, caption=_check, scope=Scope.PART)
