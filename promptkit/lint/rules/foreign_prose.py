"""A description is not in English.

The model was trained on English descriptions; only ``text`` holds the language of the picture
(official magic prompt, ``v1.txt``). Told by letters of other scripts, or by small words of other
languages without any English ones.

Bad:

    {"high_level_description": "Eine alte Mühle an einem Bach mit dem Müller vor der Tür.", "compositional_deconstruction": {"background": "Ein Tal.", "elements": [{"type": "text", "text": "Zur alten Mühle", "desc": "White gothic letters."}]}}

Good:

    {"high_level_description": "An old mill by a brook with the miller at the door.", "compositional_deconstruction": {"background": "A valley.", "elements": [{"type": "text", "text": "Zur alten Mühle", "desc": "White gothic letters."}]}}

Rate: 3 of 150 collected captions, all in Korean.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule
from promptkit.lint.view import CaptionView
from promptkit.lint.words import unquoted, word_set, words

_ENGLISH: Final = word_set("the of and with its his her are by from over")
_FOREIGN: Final = word_set(
    """
    der die das ein eine einem einen und mit auf dem den vor von
    le la les un une des du et avec sur dans au aux
    el los las una del con en y para
    il lo gli di della che
    os uma da com em na
    een het van met op
    """
)
_LEAST: Final = 2
"""Different ones. One small word may be part of a name: "Plaza del Sol"."""


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    fields = list(caption.prose())
    foreign = [node for _key, node, prose in fields if _is_foreign(unquoted(prose))]
    if foreign:
        message = (
            f"{len(foreign)} of {len(fields)} fields of prose are not in English, this one the "
            "first; translate them, and keep the language in 'text'"
        )
        yield Problem(foreign[0], message)


def _is_foreign(prose: str) -> bool:
    letters = [char for char in prose if char.isalpha()]
    # Beyond Latin with its accents (which ends at U+024F) more than half of the letters.
    if sum(char > "\u024f" for char in letters) * 2 > len(letters):
        return True
    used = {word.text for word in words(prose)}
    return not used & _ENGLISH and len(used & _FOREIGN) >= _LEAST


RULE = Rule("C616", "foreign-prose", Severity.INFO, __doc__, caption=_check, default=False)
