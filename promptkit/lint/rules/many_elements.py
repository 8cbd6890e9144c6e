"""The caption has more than 10 elements.

Nine of ten collected captions have 8 or fewer. With each further element the model has less room
and less attention for every one of them, and drops or merges some.

Bad:

    {"high_level_description": "A row of bottles.", "compositional_deconstruction": {"background": "A shelf.", "elements": [{"type": "obj", "desc": "Bottle 1."}, {"type": "obj", "desc": "Bottle 2."}, {"type": "obj", "desc": "Bottle 3."}, {"type": "obj", "desc": "Bottle 4."}, {"type": "obj", "desc": "Bottle 5."}, {"type": "obj", "desc": "Bottle 6."}, {"type": "obj", "desc": "Bottle 7."}, {"type": "obj", "desc": "Bottle 8."}, {"type": "obj", "desc": "Bottle 9."}, {"type": "obj", "desc": "Bottle 10."}, {"type": "obj", "desc": "Bottle 11."}]}}

Good:

    {"high_level_description": "A row of bottles.", "compositional_deconstruction": {"background": "A shelf.", "elements": [{"type": "obj", "desc": "A row of eleven green bottles, shoulder to shoulder."}]}}

Rate: 5 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView

_MANY: Final = 10


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    count = len(caption.elements)
    if count > _MANY:
        beyond = caption.elements[_MANY].node
        message = (
            f"{count} elements are many; more than {_MANY} compete for room, merge or drop some"
        )
        yield Problem(beyond, message)


RULE = Rule(
    "C310",
    "many-elements",
    Severity.INFO,
    __doc__,
    caption=_check,
    scope=Scope.ELEMENTS,
    default=False,
)
