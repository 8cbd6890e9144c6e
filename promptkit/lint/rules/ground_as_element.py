"""The ground, the floor or the sky is an element of its own.

They belong to ``background``, whatever their state (official magic prompt, ``v1.txt``): as an
element the model paints them as a flat band and cuts off the legs of what stands there. Only a
description whose own subject is the ground or the sky counts, not one that merely mentions it.

Bad:

    {"high_level_description": "A tango couple.", "compositional_deconstruction": {"background": "A dance hall.", "elements": [{"type": "obj", "desc": "A polished parquet floor that mirrors the lamps."}, {"type": "obj", "desc": "A couple in black, mid-step."}]}}

Good:

    {"high_level_description": "A tango couple.", "compositional_deconstruction": {"background": "A dance hall with a polished parquet floor that mirrors the lamps.", "elements": [{"type": "obj", "desc": "A couple in black, mid-step."}]}}

Rate: 1 of 150 collected captions ("polished dark concrete floor").
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.spans import inside
from promptkit.lint.view import CaptionView
from promptkit.lint.words import Word, may_hold, word_set, words

_SHELL: Final = word_set(
    """
    floor floors flooring ground pavement sidewalk asphalt tarmac cobblestones sky skies horizon
    """
)
_NO_NOUN_BEFORE: Final = word_set(
    """
    of in on at with without over under above below beneath behind across along against from to
    into onto by near beside between around through toward towards that which who whose where and or
    is are has have no like as for the his her its their this these
    """
)
"""A word of these ends the first noun of a description: what follows is no longer its subject."""
_VERBS: Final = word_set(
    """
    stretches stretching extends extending spans spanning covers covering covered fills filling
    filled reflects reflecting mirrors mirroring runs running lies lying receding glistening shining
    gleaming glowing lit wet strewn littered scattered dusted marked streaked made seen visible
    """
)
"""Behind the noun these go on about it; other words make it the first half of "floor lamp"."""
_LONGEST: Final = 8
"""Words that may stand before the noun, as in "a wet, cracked, rain-slicked black asphalt"."""


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for element in caption.elements:
        node, desc = element.get("desc"), element.desc
        if node is None or desc is None or element.type != "obj":
            continue
        noun = _subject(desc)
        if noun:
            span = inside(caption.document, node, noun.start, noun.end)
            message = f"the {noun.text} is an element; describe it in the background instead"
            yield Problem(span, message, node=node)


def _subject(desc: str) -> Word | None:
    """The noun of ``desc`` if it is the ground or the sky."""
    if not may_hold(desc, _SHELL):
        return None
    listed = words(desc)
    for at, word in enumerate(listed[: _LONGEST + 1]):
        if word.text in _SHELL and _ends_the_noun(desc, listed[at : at + 2]):
            return word
        if at == 0 and word.text in ("the", "this"):
            continue
        if word.text in _NO_NOUN_BEFORE or _stops(desc, word):
            return None
    return None


def _ends_the_noun(desc: str, word_and_next: tuple[Word, ...]) -> bool:
    word, *following = word_and_next
    if not following:
        return True
    gap = desc[word.end : following[0].start]
    if not gap.isspace():
        return not gap.startswith("-")
    return following[0].text in _VERBS or following[0].text in _NO_NOUN_BEFORE


def _stops(desc: str, word: Word) -> bool:
    """Whether a sentence or a clause ends behind ``word``; a comma may stand between adjectives."""
    return desc[word.end : word.end + 1] in (".", ":", ";", "—", "(")


RULE = Rule(
    "C607", "ground-as-element", Severity.WARNING, __doc__, caption=_check, scope=Scope.PART
)
