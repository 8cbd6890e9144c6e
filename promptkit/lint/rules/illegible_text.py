r"""The box of a text is too small for its letters to be told apart.

The letters of Latin script need a matrix of 5x7 pixels at the very least, which is an em of 10
pixels, and the picture is decoded from cells of 8x8 pixels each. The em is taken as large as the
box allows: letters half an em wide (East Asian ones a whole em), set solid, wrapped between words
or turned upright where that helps. What is too small by this measure cannot be read in any
typeface. Without ``--size`` it is measured at 2048x2048, the largest picture there is; with it, at
that size.

Bad:

    {"high_level_description": "A jar of jam.", "compositional_deconstruction": {"background": "A kitchen shelf.", "elements": [{"type": "text", "bbox": [500, 480, 506, 520], "text": "Wild bilberry jam from the high woods", "desc": "Tiny brown letters on the label."}]}}

Good:

    {"high_level_description": "A jar of jam.", "compositional_deconstruction": {"background": "A kitchen shelf.", "elements": [{"type": "text", "bbox": [400, 300, 600, 700], "text": "Wild bilberry\njam", "desc": "Brown letters on the label."}]}}

Rate: none of 150 collected captions, neither at 2048x2048 nor at 1024x1024, where the smallest
letters have an em of 11 pixels.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptkit.geometry import Size
from promptkit.lint.boxes import placed
from promptkit.lint.finding import Severity
from promptkit.lint.measure import em_pixels
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView

_LEGIBLE: Final = 10
"""Pixels of an em: capitals are 0.7 em high, and 7 pixels is the least they can do with."""
_LARGEST: Final = Size(2048, 2048)


def _check(caption: CaptionView, options: Options) -> Iterator[Problem]:
    size = options.size or _LARGEST
    for each in placed(caption.texts):
        text = each.element.text
        if not text or text.isspace():
            continue
        em = em_pixels(text, each.box, size, enough=_LEGIBLE)
        if em < _LEGIBLE:
            message = (
                f"at {size} the letters of {each.element.label} have at most {em:.1f} pixels each "
                f"way, and {_LEGIBLE} are the least to be read; enlarge the box or shorten the text"
            )
            yield Problem(each.node, message)


RULE = Rule("C401", "illegible-text", Severity.WARNING, __doc__, caption=_check, scope=Scope.PART)
