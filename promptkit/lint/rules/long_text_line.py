r"""A line of text is longer than 30 characters.

Long titles on a single line come out with typos and dropped letters; the official magic prompt has
them stacked at natural breaks with ``\n``. East Asian characters count double.

Bad:

    {"high_level_description": "A book cover.", "compositional_deconstruction": {"background": "Green cloth.", "elements": [{"type": "text", "text": "The Long Way Home Across The Mountains", "desc": "Gold serif capitals."}]}}

Good:

    {"high_level_description": "A book cover.", "compositional_deconstruction": {"background": "Green cloth.", "elements": [{"type": "text", "text": "The Long Way Home\nAcross The Mountains", "desc": "Gold serif capitals."}]}}

Rate: 7 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptkit.lint.finding import Severity
from promptkit.lint.measure import columns
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.spans import Locator
from promptkit.lint.view import CaptionView

LONG: Final = 30
OVERLONG: Final = 60


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    yield from long_lines(caption, LONG, OVERLONG)


def long_lines(caption: CaptionView, longest: int, at_most: float) -> Iterator[Problem]:
    """A problem for each line of text with more than ``longest`` characters, up to ``at_most``."""
    for element in caption.texts:
        node, start = element.get("text"), 0
        span = Locator(caption.document, node or element.node)
        for line in (element.text or "").split("\n"):
            length = columns(line)
            if node and longest < length <= at_most:
                message = (
                    f"the line is {length} characters long; break it with \\n so that none "
                    f"exceeds {LONG}"
                )
                yield Problem(span(start, start + len(line)), message, node=node)
            start += len(line) + 1


RULE = Rule(
    "C402",
    "long-text-line",
    Severity.INFO,
    __doc__,
    caption=_check,
    scope=Scope.PART,
    default=False,
)
