"""A palette has more colours than the model was trained with.

The limits are 16 for the whole picture and 5 for an element, the official verifier's own.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder.", "color_palette": ["#00005A", "#28145A", "#50285A", "#783C5A", "#A0505A", "#C8645A"]}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder.", "color_palette": ["#00005A", "#28145A", "#50285A", "#783C5A", "#A0505A"]}]}}

Fix: keeps the first 16 or 5; unsafe.

Rate: 0 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.color import ELEMENT_PALETTE_MAX, STYLE_PALETTE_MAX
from promptkit.document import Edit
from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for role, palette in caption.palettes():
        most = STYLE_PALETTE_MAX if role == "style" else ELEMENT_PALETTE_MAX
        items = palette.items
        if len(items) > most:
            whose = "a style" if role == "style" else "an element"
            message = f"{len(items)} colours; {whose} has at most {most}, keep those that matter"
            edits = (Edit(items[most - 1].end, items[-1].end, ""),)
            fix = Fix(f"Keep the first {most}", edits, Safety.UNSAFE)
            yield Problem((items[most].start, items[-1].end), message, fix, palette)


RULE = Rule("C503", "too-many-colors", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART)
