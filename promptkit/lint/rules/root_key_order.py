"""The three parts of the caption stand in another order than in training.

The documented order is ``high_level_description``, ``style_description``,
``compositional_deconstruction``. The official verifier does not look at it, but the model reads the
caption from front to back and has seen no other.

Bad:

    {"compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}, "high_level_description": "A ladder leans on a brick wall."}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Fix: brings the parts into order; safe.

Rate: 0 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.keys import ROOT_KEYS
from promptkit.lint.finding import Severity
from promptkit.lint.ordering import misordered
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for block in caption.blocks:
        if block.role == "root":
            yield from misordered(caption.document, block, ROOT_KEYS)


RULE = Rule("C202", "root-key-order", Severity.WARNING, __doc__, caption=_check, scope=Scope.PART)
