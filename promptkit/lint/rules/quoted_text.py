r"""A text stands in quotes, which are drawn too.

``text`` holds the characters of the picture and nothing else; the quotes that a writer puts around a
literal become part of the lettering. A text that the description calls a quotation, a review or
speech is left alone.

Bad:

    {"high_level_description": "A café door.", "compositional_deconstruction": {"background": "A blue wall.", "elements": [{"type": "text", "text": "\"OPEN\"", "desc": "White capitals on the glass."}]}}

Good:

    {"high_level_description": "A café door.", "compositional_deconstruction": {"background": "A blue wall.", "elements": [{"type": "text", "text": "OPEN", "desc": "White capitals on the glass."}]}}

Fix: removes the quotes; unsafe.

Rate: none of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptkit.document import Edit
from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.rule import Options, Problem, Rule
from promptkit.lint.spans import inside
from promptkit.lint.view import CaptionView
from promptkit.lint.words import holds, phrases

_PAIRS: Final = {'"': '"', "'": "'", "“": "”", "‘": "’", "„": "“", "”": "”", "`": "`"}
_QUOTATION: Final = phrases(
    """
    quote, quotes, quoted, quotation, quotations, speech, spoken, dialogue, says, saying, testimonial
    review, critic, critic's, critics', blurb, motto, nickname, epigraph, caption
    """
)


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for element in caption.texts:
        node, text = element.get("text"), element.text or ""
        inner = text[1:-1]
        if node is None or not inner.strip() or _PAIRS.get(text[0]) != text[-1]:
            continue
        if {text[0], text[-1]} & set(inner) or holds(element.desc or "", _QUOTATION):
            continue
        spans = [inside(caption.document, node, at, at + 1) for at in (0, len(text) - 1)]
        edits = tuple(Edit(start, end, "") for start, end in spans)
        message = f"the quotes of {text[0]}…{text[-1]} would be drawn; write the characters alone"
        yield Problem(node, message, Fix("Remove the quotes", edits, Safety.UNSAFE))


RULE = Rule("C405", "quoted-text", Severity.WARNING, __doc__, caption=_check)
