"""One element covers the whole picture and repeats the high-level description.

Such a caption says everything twice and places nothing. It is what wrappers around plain prompts
write, and tools that did so (InvokeAI among them) saw the model paint its grey safety card instead
of the picture. Split the scene into its parts, or leave the box out.

Bad:

    {"high_level_description": "A red fox asleep in deep snow.", "compositional_deconstruction": {"background": "A snowy forest.", "elements": [{"type": "obj", "bbox": [0, 0, 1000, 1000], "desc": "A red fox asleep in deep snow."}]}}

Good:

    {"high_level_description": "A red fox asleep in deep snow.", "compositional_deconstruction": {"background": "A snowy forest.", "elements": [{"type": "obj", "bbox": [420, 250, 820, 780], "desc": "A red fox, curled up, its tail over its nose."}]}}

Rate: none of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptkit.lint.boxes import placed
from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView, ElementView
from promptkit.lint.words import words

_WHOLE: Final = 0.9
"""Share of the picture that counts as all of it: a margin of 25 on each side leaves 0.9."""
_SAME: Final = 0.8
"""Share of the two descriptions' words that both have: a word or two changed is still the same."""


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for each in placed(caption.elements):
        if not _is_whole(each.element) or not caption.summary:
            continue
        summary = {word.text for word in words(caption.summary)}
        desc = {word.text for word in words(each.element.desc or "")}
        if desc and len(desc & summary) >= _SAME * len(desc | summary):
            message = (
                "the element fills the picture and repeats the high-level description; "
                "describe the parts of the scene, each in its own place"
            )
            yield Problem(each.node, message)


def _is_whole(element: ElementView) -> bool:
    return element.bbox is not None and element.bbox.area >= _WHOLE


RULE = Rule(
    "C304", "whole-frame-element", Severity.WARNING, __doc__,
    caption=_check, scope=Scope.FRAMED, concerns=_is_whole,
)  # fmt: skip
