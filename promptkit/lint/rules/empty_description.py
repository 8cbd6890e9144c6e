"""The high-level description or the background is empty.

Both are the caption's main sentences. The background must exist and the verifier lets an empty one
pass; the high-level description had better be left out than be empty.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Rate: 4 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.spelling import find
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    summary = find("root", caption.node, "high_level_description")
    if summary is not None and _is_empty(summary.string()):
        message = '"high_level_description" is empty; say in a sentence what the picture shows'
        yield Problem(summary, message)
    background = find("composition", caption.composition or caption.node, "background")
    if background is not None and _is_empty(background.string()):
        message = '"background" is empty; describe the scene\'s shell: sky, walls, ground'
        yield Problem(background, message)


def _is_empty(words: str | None) -> bool:
    return words is not None and not words.strip()


RULE = Rule(
    "C235", "empty-description", Severity.WARNING, __doc__, caption=_check, scope=Scope.PART
)
