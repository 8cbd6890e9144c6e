r"""A text stands in quotes, which are drawn too.

``text`` holds the characters of the picture and nothing else; the quotes that a writer puts around
a literal become part of the lettering. A text that the description calls a quotation, a review or
speech is left alone, and so is a whole sentence in typographic quotes.

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
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.spans import inside
from promptkit.lint.view import CaptionView
from promptkit.lint.words import holds, phrases

_PAIRS: Final = {'"': '"', "'": "'", "“": "”", "‘": "’", "„": "“", "”": "”", "`": "`"}
_SENTENCE: Final = 4
"""Words from which a text is a sentence and no label."""
_QUOTATION: Final = phrases(
    """
    quote, quotes, quoted, quotation, quotations, speech, spoken, dialogue, says, saying, testimonial
    dialog, bubble, review, critic, critic's, critics', blurb, motto, nickname, epigraph
    """
)


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for element in caption.texts:
        node, text = element.get("text"), element.text or ""
        inner = text[1:-1]
        if node is None or not inner.strip() or _PAIRS.get(text[0]) != text[-1]:
            continue
        if {text[0], text[-1]} & set(inner) or _is_meant(text, element.desc or ""):
            continue
        spans = [inside(caption.document, node, at, at + 1) for at in (0, len(text) - 1)]
        edits = tuple(Edit(start, end, "") for start, end in spans)
        message = f"the quotes of {text[0]}…{text[-1]} would be drawn; write the characters alone"
        yield Problem(node, message, Fix("Remove the quotes", edits, Safety.UNSAFE))


def _is_meant(text: str, desc: str) -> bool:
    """Whether the quotes belong to what is drawn."""
    typographic = text[0] not in "\"'`"
    sentence = len(text.split()) >= _SENTENCE or text[-2] in ".!?…"
    return (typographic and sentence) or holds(desc, _QUOTATION)


RULE = Rule("C405", "quoted-text", Severity.WARNING, __doc__, caption=_check, scope=Scope.PART)
