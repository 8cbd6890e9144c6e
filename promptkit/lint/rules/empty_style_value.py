"""A field of the style block is empty.

The training captions say something in every one of them. The official verifier checks neither the
type nor the content of these fields.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "style_description": {"aesthetics": "quiet, warm browns", "lighting": "", "photo": "eye level, 50mm", "medium": "photograph"}, "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "style_description": {"aesthetics": "quiet, warm browns", "lighting": "soft daylight", "photo": "eye level, 50mm", "medium": "photograph"}, "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Rate: 3 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.spelling import branches, resolved
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    style = caption.style
    if style is None:
        return
    # Where both branches stand, the empty one is to go: another rule says so.
    spare = branches(style) if len(branches(style)) > 1 else []
    for key, member in resolved("style", style).items():
        words = member.value.string()
        if key not in spare and words is not None and not words.strip():
            message = f'"{key}" is empty; fill it in, or leave the whole style block out'
            yield Problem(member.value, message)


RULE = Rule(
    "C507", "empty-style-value", Severity.WARNING, __doc__, caption=_check, scope=Scope.PART
)
