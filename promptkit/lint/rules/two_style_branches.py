"""A style block has both ``photo`` and ``art_style``.

The two mark different kinds of pictures, each with its own order of keys; the model has never seen
them together. The official verifier reports the same and then looks no further.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "style_description": {"aesthetics": "quiet", "lighting": "soft daylight", "photo": "50mm", "medium": "photograph", "art_style": "realism"}, "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "style_description": {"aesthetics": "quiet, warm browns", "lighting": "soft daylight", "photo": "eye level, 50mm", "medium": "photograph"}, "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Fix: drops the one that is empty, or else the one that the medium contradicts; unsafe.

Rate: 1 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.document import Node
from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.media import is_photographic
from promptkit.lint.mending import remove_members
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.spelling import branches, find, resolved
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    style = caption.style
    if style is None or len(branches(style)) < 2:
        return
    second = resolved("style", style)["art_style"]
    message = 'a style block has either "photo" or "art_style", this one has both; remove one'
    yield Problem((second.start, second.end), message, _fix(style), style)


def _fix(style: Node) -> Fix | None:
    loser = _loser(style)
    if loser is None:
        return None
    member = resolved("style", style)[loser]
    edits = tuple(remove_members(style, [member]))
    return Fix(f'Drop "{member.name}"', edits, Safety.UNSAFE)


def _loser(style: Node) -> str | None:
    found = resolved("style", style)
    empty = [key for key in branches(style) if found[key].value.string() == ""]
    if len(empty) == 1:
        return empty[0]
    medium = find("style", style, "medium")
    words = medium.string() if medium else None
    if not words:
        return None
    return "art_style" if is_photographic(words) else "photo"


RULE = Rule("C209", "two-style-branches", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART)
