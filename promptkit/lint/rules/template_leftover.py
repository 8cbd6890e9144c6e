"""A placeholder of a template is left over in the caption.

``{{ … }}``, ``{% … %}`` and ``{# … #}`` are Jinja's, in which this project's templates are written.
Where they reach a caption, a template was linted or sent without being rendered, and the model
would draw the braces.

Bad:

    {"high_level_description": "A portrait of {{ name }}.", "compositional_deconstruction": {"background": "A grey backdrop.", "elements": [{"type": "obj", "desc": "A woman with short hair."}]}}

Good:

    {"high_level_description": "A portrait of a sculptor.", "compositional_deconstruction": {"background": "A grey backdrop.", "elements": [{"type": "obj", "desc": "A woman with short hair."}]}}

Rate: none of 150 collected captions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.spans import Locator, strings
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for node, value in strings(caption.node):
        if not ("{{" in value or "{%" in value or "{#" in value):
            continue
        span = Locator(caption.document, node)
        for match in _placeholder().finditer(value):
            message = f"{match.group()} is a template's placeholder; render the template first"
            yield Problem(span(*match.span()), message, node=node)


@cache
def _placeholder() -> re.Pattern[str]:
    # Bounded, so that many openings without an end cost no more than linear time.
    return re.compile(r"\{\{[^{}\n]{0,200}\}\}|\{%[^{}\n]{0,200}%\}|\{#[^{}\n]{0,200}#\}")


RULE = Rule("C410", "template-leftover", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART)
