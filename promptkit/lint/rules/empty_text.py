"""The ``text`` of a text element is empty.

The element asks the model to draw lettering and does not say which; it then makes letters up. The
official verifier lets it pass.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "text", "text": "", "desc": "White capitals reading 'OPEN' above the door."}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "text", "text": "OPEN", "desc": "White capitals above the door."}]}}

Fix: copies the one literal that the description introduces or quotes; unsafe.

Rate: 0 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.mending import replace_string
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView
from promptkit.literal import literal_in


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for element in caption.texts:
        node = element.get("text")
        if node is not None and element.text is not None and not element.text.strip():
            literal = literal_in(element.desc or "")
            edits = (replace_string(node, literal),) if literal else ()
            fix = Fix('Copy the literal out of "desc"', edits, Safety.UNSAFE) if edits else None
            yield Problem(node, '"text" is empty; write the characters to draw', fix)


RULE = Rule("C233", "empty-text", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART)
