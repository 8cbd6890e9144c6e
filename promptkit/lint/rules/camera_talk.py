"""An element is described by shadows, the lens or post-processing; or the background by the latter.

They belong to the picture as a whole: light and lens to the style block, scene-wide shadows to the
background (official magic prompt, ``v1.txt``). In an element the model applies them to that element
alone, or paints them as things. The point of view ("from a low angle") may stand there.

Bad:

    {"high_level_description": "A loaf on a board.", "compositional_deconstruction": {"background": "A dark kitchen.", "elements": [{"type": "obj", "desc": "A rye loaf in sharp focus with creamy bokeh behind it and a soft drop shadow."}]}}

Good:

    {"high_level_description": "A loaf on a board.", "compositional_deconstruction": {"background": "A dark kitchen.", "elements": [{"type": "obj", "desc": "A rye loaf with a floury, deeply cracked crust."}]}}

Rate: 14 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.spans import Locator
from promptkit.lint.view import CaptionView
from promptkit.lint.words import find, phrases

_POST: Final = """
    film grain, iso noise, lens flare, chromatic aberration, vignette, vignetting, color cast
    colour cast, color grade, colour grade, color grading, colour grading, paper texture
    paper grain, canvas texture, halftone dots, motion blur
    """
_TABLES: Final = {
    "background": phrases(_POST),
    "desc": phrases(
        _POST
        + """
        bokeh, depth of field, in focus, out of focus, sharp focus, soft focus, shallow focus
        long exposure, overexposed, underexposed, telephoto, wide angle lens, macro lens
        casts a shadow, casting a shadow, cast shadow, cast shadows, drop shadow, drop shadows
        contact shadow, contact shadows, ground shadow, soft shadow, soft shadows, long shadow
        long shadows, hard shadow, hard shadows, ambient occlusion
        """
    ),
}


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    nothing = phrases("")
    for key, node, prose in caption.prose():
        span = Locator(caption.document, node)
        for hit in find(prose, _TABLES.get(key, nothing)):
            message = f"'{hit.phrase}' is about the whole picture; say it in the style block"
            yield Problem(span(hit.start, hit.end), message, node=node)


RULE = Rule(
    "C604", "camera-talk", Severity.INFO, __doc__, caption=_check, scope=Scope.PART, default=False
)
