"""A control token of the text encoder stands in a string.

The encoder's tokenizer turns ``<|im_end|>`` and its like into single tokens that end the message or
announce a picture, wherever they stand. They come along with text copied from a chat transcript.

Bad:

    {"high_level_description": "A lake at dusk.<|im_end|>", "compositional_deconstruction": {"background": "A violet sky.", "elements": [{"type": "obj", "desc": "A wooden jetty."}]}}

Good:

    {"high_level_description": "A lake at dusk.", "compositional_deconstruction": {"background": "A violet sky.", "elements": [{"type": "obj", "desc": "A wooden jetty."}]}}

Fix: removes the token; unsafe.

Rate: none of 150 collected captions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from promptkit.document import Edit
from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.spans import Locator, strings
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for node, value in strings(caption.node):
        if "<" not in value:
            continue
        locate_part = Locator(caption.document, node)
        for match in _token().finditer(value):
            span = locate_part(*match.span())
            message = f"{match.group()} is a control token of the text encoder; remove it"
            fix = Fix("Remove the token", (Edit(*span, ""),), Safety.UNSAFE)
            yield Problem(span, message, fix, node)


@cache
def _token() -> re.Pattern[str]:
    return re.compile(r"<\|[a-z][a-z_]{1,30}\|>|</?(?:think|tool_call|tool_response)>")


RULE = Rule("C411", "special-token", Severity.WARNING, __doc__, caption=_check, scope=Scope.PART)
