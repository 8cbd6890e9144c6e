"""The keys of a style block, a composition or an element stand in another order than in training.

The model has seen one order alone, and the order of a style block even says which of the two kinds
it is. The official verifier reports the same. A key that is missing altogether is another mistake
and has its own rule.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"desc": "A wooden ladder.", "type": "obj"}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Fix: brings the keys into order; safe.

Rate: 9 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.lint.finding import Severity
from promptkit.lint.ordering import misordered
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.spelling import key_order
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for block in caption.blocks:
        order = key_order(block.role, block.node)
        if block.role != "root" and order is not None:
            yield from misordered(caption.document, block, order)


RULE = Rule("C201", "key-order", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART)
