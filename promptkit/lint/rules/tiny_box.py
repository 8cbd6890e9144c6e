"""The box of an object is under 0.5 % of the picture.

At 1024x1024 that is less than 72x72 pixels, about 20 of the 4,096 cells in which the model thinks
(16x16 pixels each): too few for a thing with parts, and often left out altogether. A thing that is
small by its description (an icon, "a tiny star") is let pass; boxes of text are judged by the size
of their letters instead.

Bad:

    {"high_level_description": "A harbour at dawn.", "compositional_deconstruction": {"background": "A calm bay.", "elements": [{"type": "obj", "bbox": [500, 500, 530, 540], "desc": "A fisherman in yellow oilskins, mending a net."}]}}

Good:

    {"high_level_description": "A harbour at dawn.", "compositional_deconstruction": {"background": "A calm bay.", "elements": [{"type": "obj", "bbox": [420, 430, 760, 610], "desc": "A fisherman in yellow oilskins, mending a net."}]}}

Rate: none of 150 collected captions; the seven boxes that small hold icons and buttons.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptkit.lint.boxes import Placed, placed
from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView
from promptkit.lint.words import holds, phrases

_TINY: Final = 0.005
_MEANT: Final = phrases(
    """
    small, smaller, tiny, little, miniature, minute, thin, distant, faraway, icon, icons, glyph
    button, dot, dots, badge, emblem, logo, pin, star, bead, seed, droplet, speck
    """
)


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for each in placed(caption.elements):
        if is_tiny(each):
            message = (
                f"the box is {each.box.area:.2%} of the picture, too small to paint a thing in; "
                "give it more room, or tell of it in another description"
            )
            yield Problem(each.node, message)


def is_tiny(each: Placed) -> bool:
    """Whether an object has too little room, and nothing says that it is a small one."""
    if each.element.type != "obj" or each.box.area >= _TINY:
        return False
    return not holds(each.element.desc or "", _MEANT)


RULE = Rule("C305", "tiny-box", Severity.WARNING, __doc__, caption=_check, scope=Scope.PART)
