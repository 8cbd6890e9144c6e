"""The medium contradicts the kind of the style block.

A block with ``photo`` is that of a photograph; with an illustration for its ``medium`` the two pull
the picture in different directions. So does a plain "photograph" in a block with ``art_style``.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "style_description": {"aesthetics": "quiet, warm browns", "lighting": "soft daylight", "photo": "eye level, 50mm", "medium": "flat vector illustration"}, "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "style_description": {"aesthetics": "quiet, warm browns", "lighting": "soft daylight", "photo": "eye level, 50mm", "medium": "digital photograph"}, "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Rate: 21 of 150 collected captions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from promptkit.lint.finding import Severity
from promptkit.lint.media import is_photographic, is_plain_photograph
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.schema import quoted
from promptkit.lint.spelling import branches, find
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    style = caption.style
    medium = find("style", style, "medium") if style is not None else None
    words = medium.string() if medium is not None else None
    if style is None or medium is None or words is None or not re.search("[A-Za-z]", words):
        return
    kinds = branches(style)
    if kinds == ["photo"] and not is_photographic(words):
        advice = 'describe its manner under "art_style" in place of "photo"'
        yield Problem(medium, f"{quoted(words)} is no photograph; {advice}")
    elif kinds == ["art_style"] and is_plain_photograph(words):
        advice = 'describe the camera under "photo" in place of "art_style"'
        yield Problem(medium, f"the medium is a photograph; {advice}")


RULE = Rule(
    "C506", "contradicting-medium", Severity.WARNING, __doc__, caption=_check, scope=Scope.PART
)
