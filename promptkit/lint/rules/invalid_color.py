"""A colour is not written as upper-case ``#RRGGBB``.

The model has seen this one form; the official verifier reports every other.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder.", "color_palette": ["#8a4b2a", "#FFF"]}]}}

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder.", "color_palette": ["saddle brown"]}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder.", "color_palette": ["#8A4B2A", "#D9C7A0"]}]}}

Fix: upper-cases, adds a missing #, doubles the digits of #RGB, all of which is safe; drops
transparency, or translates ``rgb(…)`` and common names of CSS, which is unsafe.

Rate: 4 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.color import is_hex_color
from promptkit.document import Node
from promptkit.lint.colors import guessed_color, plain_color
from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.mending import replace_string
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.schema import kind_name, quoted
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for _role, palette in caption.palettes():
        for item in palette.items:
            value = item.string()
            if value is None:
                yield Problem(item, f'a colour is {kind_name(item.kind)}; write "#RRGGBB"')
            elif not is_hex_color(value):
                plain, guess = plain_color(value), guessed_color(value)
                color = plain or guess
                instead = f'"{color}"' if color else '"#RRGGBB" in upper case'
                message = f"{quoted(value)} is no colour of the trained form; write {instead}"
                safety = Safety.SAFE if plain else Safety.UNSAFE
                yield Problem(item, message, _fix(item, color, safety))


def _fix(item: Node, color: str | None, safety: Safety) -> Fix | None:
    return Fix(f"Write {color}", (replace_string(item, color),), safety) if color else None


RULE = Rule("C502", "invalid-color", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART)
