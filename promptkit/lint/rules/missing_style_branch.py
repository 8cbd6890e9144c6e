"""A style block has neither ``photo`` nor ``art_style``.

Every style block of the training data is one of two kinds: a photograph with its camera and lens,
or anything else with its manner. The official verifier reports the same.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "style_description": {"aesthetics": "quiet", "lighting": "soft daylight", "medium": "photograph"}, "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "style_description": {"aesthetics": "quiet, warm browns", "lighting": "soft daylight", "photo": "eye level, 50mm", "medium": "photograph"}, "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Rate: 3 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.lint.finding import Severity
from promptkit.lint.foreign import Sort, foreign
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.schema import BRANCH_KEYS
from promptkit.lint.spelling import resolved
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    style = caption.style
    if style is None or any(key in resolved("style", style) for key in BRANCH_KEYS):
        return
    if all(each.member.name not in BRANCH_KEYS for each in foreign(caption, Sort.MISPLACED)):
        message = (
            'the style block is of no kind; add "photo" (camera, lens, angle) for a photograph, '
            'or "art_style" for anything else'
        )
        yield Problem((style.start, style.start + 1), message, None, style)


RULE = Rule(
    "C208", "missing-style-branch", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART
)
