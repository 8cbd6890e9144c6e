r"""A line of text is longer than 60 characters.

No collected caption has such a line: the model cannot spell it, and at the width of the picture its
letters would be minute. Break it with ``\n``, or keep the few words that matter.

Bad:

    {"high_level_description": "A museum label.", "compositional_deconstruction": {"background": "A grey wall.", "elements": [{"type": "text", "text": "This vase was found in the harbour in 1911 by two brothers who were diving for sponges", "desc": "Black serif text."}]}}

Good:

    {"high_level_description": "A museum label.", "compositional_deconstruction": {"background": "A grey wall.", "elements": [{"type": "text", "text": "Found in the harbour\nin 1911", "desc": "Black serif text."}]}}

Rate: none of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.rules.long_text_line import OVERLONG, long_lines
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    yield from long_lines(caption, OVERLONG, inf)


RULE = Rule(
    "C403", "overlong-text-line", Severity.WARNING, __doc__, caption=_check, scope=Scope.PART
)
