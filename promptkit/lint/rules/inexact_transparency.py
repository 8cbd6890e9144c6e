"""The background is meant to be transparent, but says so in other words.

The model knows one wording, ``transparent background`` and nothing else in the field (official
magic prompt, ``v1.txt``). A paraphrase is painted: a checkerboard, a white wall, a pane of glass.

Bad:

    {"high_level_description": "A sticker of a smiling avocado on a transparent background.", "compositional_deconstruction": {"background": "Transparent PNG, no backdrop", "elements": [{"type": "obj", "desc": "A smiling avocado with a white outline."}]}}

Good:

    {"high_level_description": "A sticker of a smiling avocado on a transparent background.", "compositional_deconstruction": {"background": "transparent background", "elements": [{"type": "obj", "desc": "A smiling avocado with a white outline."}]}}

Fix: writes ``transparent background``; unsafe.

Rate: none of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.mending import replace_string
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView
from promptkit.lint.words import count_words, holds, normal, phrases

_EXACT: Final = "transparent background"
_PARAPHRASES: Final = phrases(
    """
    transparent background, transparent backdrop, transparent canvas, transparent png
    isolated on transparent, fully transparent, png transparency, alpha channel, alpha transparency
    alpha background
    """
)
_BARE: Final = frozenset({"transparent", "no background", "none", "alpha", "png"})
_LONGEST: Final = 12
"""A longer background describes a scene, in which "transparent" is said of something."""


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    node = caption.composition.get("background") if caption.composition else None
    words = caption.background or ""
    if node is None or words == _EXACT:
        return
    named = normal(words) in _BARE or holds(words, _PARAPHRASES)
    if named and count_words(words) <= _LONGEST:
        fix = Fix(f"Write {_EXACT}", (replace_string(node, _EXACT),), Safety.UNSAFE)
        yield Problem(node, f"the model knows one wording; write exactly '{_EXACT}'", fix)


RULE = Rule(
    "C613", "inexact-transparency", Severity.WARNING, __doc__, caption=_check, scope=Scope.PART
)
