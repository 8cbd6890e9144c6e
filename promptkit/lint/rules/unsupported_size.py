"""The picture's size is none that the model can paint.

Each side is a multiple of 16 pixels from 256 to 2048, and the longer one at most 6 times the
shorter (official ``docs/inference.md``). The pipeline refuses other multiples after the weights are
loaded, and paints nothing of use beyond the sizes it was trained on.

Bad (--size 1000x700):

    {"high_level_description": "A lighthouse.", "compositional_deconstruction": {"background": "A grey sea.", "elements": [{"type": "obj", "desc": "A white lighthouse."}]}}

Good (--size 1008x704):

    {"high_level_description": "A lighthouse.", "compositional_deconstruction": {"background": "A grey sea.", "elements": [{"type": "obj", "desc": "A white lighthouse."}]}}

Rate: cannot be measured; the size is not part of a caption.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.document import Document
from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.sizes import size_problem


def _check(_: Document, options: Options) -> Iterator[Problem]:
    problem = size_problem(*options.size) if options.size else None
    if problem:
        yield Problem((0, 0), problem)


RULE = Rule("C314", "unsupported-size", Severity.ERROR, __doc__, document=_check, scope=Scope.PART)
