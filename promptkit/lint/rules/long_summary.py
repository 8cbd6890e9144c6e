"""The high-level description has more than 50 words.

It is the picture in one or two sentences; the official magic prompt caps it at 50 words. What goes
beyond repeats the elements, and each repetition may be painted once more.

Bad:

    {"high_level_description": "A wide photograph of a fishing harbour at dawn with eleven wooden boats, coils of rope, stacked crates of herring, a crane, two gulls on a bollard, a man in yellow oilskins who mends a green net, a boy with a bucket, a red bicycle that leans against a shed, a dog, and a low sun behind the mole.", "compositional_deconstruction": {"background": "A calm bay.", "elements": [{"type": "obj", "desc": "A man in yellow oilskins."}]}}

Good:

    {"high_level_description": "A wide photograph of a fishing harbour at dawn, a man mending a net among the boats.", "compositional_deconstruction": {"background": "A calm bay.", "elements": [{"type": "obj", "desc": "A man in yellow oilskins."}]}}

Rate: 30 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView
from promptkit.lint.words import count_words

_CAP: Final = 50


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    node, count = caption.node.get("high_level_description"), count_words(caption.summary or "")
    if node and count > _CAP:
        message = f"{count} words; say the picture in {_CAP} and leave the rest to the elements"
        yield Problem(node, message)


RULE = Rule(
    "C601", "long-summary", Severity.INFO, __doc__, caption=_check, scope=Scope.PART, default=False
)
