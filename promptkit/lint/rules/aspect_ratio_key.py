"""The caption holds an aspect ratio.

The shape of the picture belongs to the job that renders the caption. The official magic prompt
writes an ``aspect_ratio`` beside the caption and its client takes it out again; left in, it is a
key that the model has never seen.

Bad:

    {"aspect_ratio": "3:2", "high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Fix: removes the key; unsafe, because the shape has to be passed as ``--size`` from then on.

Rate: 8 of 150 collected captions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import sqrt

from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.foreign import Sort, foreign
from promptkit.lint.mending import remove_member
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.schema import quoted
from promptkit.lint.view import CaptionView

_PIXELS = 1024 * 1024


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for each in foreign(caption, Sort.ASPECT_RATIO):
        name = quoted(each.member.name)
        option = f"--size {_size(each.member.value.string() or '')}"
        message = f"{name} belongs to the job, not to the caption; remove it and pass {option}"
        edits = (remove_member(each.owner, each.ordinal),)
        fix = Fix(f"Remove it, and pass {option} instead", edits, Safety.UNSAFE)
        yield Problem(each.span, message, fix, each.member.value)


def _size(ratio: str) -> str:
    """About a megapixel of the shape that ``ratio`` names, in steps of 16 pixels."""
    sides = re.fullmatch(r"\s*(\d{1,4})\s*[:x×/]\s*(\d{1,4})\s*", ratio)
    width, height = (int(side) for side in sides.groups()) if sides else (0, 0)
    if not width or not height or max(width, height) > 6 * min(width, height):
        return "WIDTHxHEIGHT"
    scale = sqrt(_PIXELS / (width * height))
    return f"{round(width * scale / 16) * 16}x{round(height * scale / 16) * 16}"


RULE = Rule("C210", "aspect-ratio-key", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART)
