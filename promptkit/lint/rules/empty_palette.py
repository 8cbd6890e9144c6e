"""A palette is empty.

It says nothing, and training captions leave the key out instead. The official verifier lets it
pass.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder.", "color_palette": []}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder.", "color_palette": ["#8A4B2A", "#D9C7A0"]}]}}

Fix: drops the key; safe.

Rate: 4 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.document import Kind
from promptkit.lint.finding import Fix, Severity
from promptkit.lint.mending import remove_members
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for _role, palette in caption.palettes():
        owner = palette.parent
        if owner is not None and palette.kind is Kind.ARRAY and not palette.items:
            member = [each for each in owner.members if each.value is palette]
            fix = Fix("Remove the key", tuple(remove_members(owner, member)))
            yield Problem(palette, "the palette is empty; leave the key out", fix)


RULE = Rule("C505", "empty-palette", Severity.WARNING, __doc__, caption=_check, scope=Scope.PART)
