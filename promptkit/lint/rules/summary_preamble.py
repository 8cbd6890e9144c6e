"""The high-level description begins by saying that it describes a picture.

It reads like a short prompt and begins with its subject or its medium ("A watercolour of a heron");
"this image shows" tells the model nothing (official magic prompt, ``v1.txt``).

Bad:

    {"high_level_description": "This image shows a heron in the reeds.", "compositional_deconstruction": {"background": "A misty lake.", "elements": [{"type": "obj", "desc": "A grey heron."}]}}

Good:

    {"high_level_description": "A heron in the reeds.", "compositional_deconstruction": {"background": "A misty lake.", "elements": [{"type": "obj", "desc": "A grey heron."}]}}

Rate: none of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.spans import inside
from promptkit.lint.view import CaptionView
from promptkit.lint.words import find, phrases

_PREAMBLES: Final = phrases(
    """
    this image, this picture, this photo, this photograph, this illustration, this is
    the image shows, the image depicts, the picture shows, the photo shows, the scene shows
    in this image, in this picture, in the image, in the picture, there is, there are, here is
    an image of, an image showing, a picture of, a picture showing, a depiction of, image of
    picture of, generate, create, draw, depicts, shows, captures
    """
)


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    node, summary = caption.node.get("high_level_description"), caption.summary or ""
    hit = next(find(summary, _PREAMBLES), None)
    if node and hit and not summary[: hit.start].strip():
        span = inside(caption.document, node, hit.start, hit.end)
        message = f"'{hit.phrase}' says nothing of the picture; begin with its subject"
        yield Problem(span, message, node=node)


RULE = Rule(
    "C602",
    "summary-preamble",
    Severity.INFO,
    __doc__,
    caption=_check,
    scope=Scope.PART,
    default=False,
)
