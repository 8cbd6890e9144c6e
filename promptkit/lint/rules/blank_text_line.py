r"""A text has an empty line in it.

A text element is one block of lettering. What stands apart in the picture is better placed as an
element of its own, with its own box and description.

Bad:

    {"high_level_description": "A menu board.", "compositional_deconstruction": {"background": "A brick wall.", "elements": [{"type": "text", "text": "TODAY\n\nSoup 4.50", "desc": "White chalk."}]}}

Good:

    {"high_level_description": "A menu board.", "compositional_deconstruction": {"background": "A brick wall.", "elements": [{"type": "text", "text": "TODAY", "desc": "Large white chalk."}, {"type": "text", "text": "Soup 4.50", "desc": "Smaller chalk below."}]}}

Rate: none of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for element in caption.texts:
        node, lines = element.get("text"), (element.text or "").strip().split("\n")
        if node and any(not line.strip() for line in lines) and len(lines) > 1:
            yield Problem(node, "an empty line parts the text; write two text elements")


RULE = Rule(
    "C406",
    "blank-text-line",
    Severity.INFO,
    __doc__,
    caption=_check,
    scope=Scope.PART,
    default=False,
)
