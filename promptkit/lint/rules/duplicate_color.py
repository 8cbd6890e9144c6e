"""A palette names a colour twice.

It says nothing new and costs a slot and seven tokens.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder.", "color_palette": ["#8A4B2A", "#D9C7A0", "#8A4B2A"]}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder.", "color_palette": ["#8A4B2A", "#D9C7A0"]}]}}

Fix: drops the later one; safe.

Rate: 0 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.document import Edit
from promptkit.lint.colors import plain_color
from promptkit.lint.finding import Fix, Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for _role, palette in caption.palettes():
        seen: set[str] = set()
        for index, item in enumerate(palette.items):
            color = plain_color(item.string() or "")
            if color is not None and color in seen:
                edits = (Edit(palette.items[index - 1].end, item.end, ""),)
                message = f"{color} is in the palette already; remove it"
                yield Problem(item, message, Fix("Remove it", edits))
            elif color is not None:
                seen.add(color)


RULE = Rule("C504", "duplicate-color", Severity.WARNING, __doc__, caption=_check, scope=Scope.PART)
