"""A key is written almost like one of the schema, which is missing.

The model never saw the misspelt key in training, and every reader that looks for the right one
finds nothing. ``colour_palette`` even stands in the official README.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "style_description": {"aesthetics": "quiet, warm browns", "lighting": "soft daylight", "photo": "eye level, 50mm", "medium": "photograph", "colour_palette": ["#8A4B2A"]}, "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "style_description": {"aesthetics": "quiet, warm browns", "lighting": "soft daylight", "photo": "eye level, 50mm", "medium": "photograph", "color_palette": ["#8A4B2A"]}, "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Fix: renames the key; safe where only case, separators or the British spelling of colour differ,
unsafe where it is a guess.

Rate: 4 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.foreign import Foreign, Sort, foreign
from promptkit.lint.mending import rename_key
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.schema import ROLE_NAMES, quoted
from promptkit.lint.spelling import Meant, meant
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for each in foreign(caption, Sort.MISSPELT):
        if slip := meant(each.role, each.member.name):
            name = quoted(each.member.name)
            message = f'{name} is no key of the {ROLE_NAMES[each.role]}; write "{slip.key}"'
            yield Problem(each.span, message, _fix(each, slip), each.member.value)


def _fix(each: Foreign, slip: Meant) -> Fix:
    # Of duplicate keys the last one counts, so renaming one of them may change what is said.
    alone = sum(member.name == each.member.name for member in each.owner.members) == 1
    safety = Safety.SAFE if slip.certain and alone else Safety.UNSAFE
    return Fix(f'Rename it to "{slip.key}"', (rename_key(each.member, slip.key),), safety)


RULE = Rule("C203", "misspelt-key", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART)
