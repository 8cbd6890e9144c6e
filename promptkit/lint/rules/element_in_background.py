"""The background and an element describe the same thing in the same words.

Each thing lives in exactly one place (official magic prompt, ``v1.txt``); told twice it may be
painted twice. Six words in a row that both have are taken for a repetition. What is fixed to the
room, a blackboard or a fireplace, may stand in both: its element then says "the primary background
element".

Bad:

    {"high_level_description": "A workshop.", "compositional_deconstruction": {"background": "A workshop with an old cast-iron lathe by the window.", "elements": [{"type": "obj", "desc": "An old cast-iron lathe by the window, its belt worn."}]}}

Good:

    {"high_level_description": "A workshop.", "compositional_deconstruction": {"background": "A workshop with a tall window.", "elements": [{"type": "obj", "desc": "An old cast-iron lathe by the window, its belt worn."}]}}

Rate: 3 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.spans import inside
from promptkit.lint.view import CaptionView
from promptkit.lint.words import words

_RUN: Final = 6
_FIXED: Final = "primary background element"


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    background = [word.text for word in words(caption.background or "")]
    runs = {tuple(background[at : at + _RUN]) for at in range(len(background) - _RUN + 1)}
    for element in caption.elements if runs else ():
        node, desc = element.get("desc"), element.desc or ""
        if node is None or _FIXED in desc.lower():
            continue
        listed = words(desc)
        for at in range(len(listed) - _RUN + 1):
            run = listed[at : at + _RUN]
            if tuple(word.text for word in run) in runs:
                span = inside(caption.document, node, run[0].start, run[-1].end)
                message = "the background says the same; describe it in one of the two places"
                yield Problem(span, message, node=node)
                break


RULE = Rule(
    "C615",
    "element-in-background",
    Severity.INFO,
    __doc__,
    caption=_check,
    scope=Scope.FRAMED,
    default=False,
)
